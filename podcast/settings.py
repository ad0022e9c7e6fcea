# SPDX-License-Identifier: GPL-3.0-or-later
"""What show.toml says, as types: the show itself, and how its episodes sound and are published.

Read and checked by `show`; the other words of the program are in `model`. Everything is frozen and does no I/O. Paths
are relative to the show folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from podcast.model import Speaker

T = TypeVar("T")

MusicKind = Literal["intro", "bed", "sting", "outro"]
"""Where music has its place: before the words, under the first of them, between chapters, after the last."""


@dataclass(frozen=True, slots=True)
class Track:
    """A piece of music and how it is played: a table in `[music]` of show.toml, or its `file` alone."""

    file: str = ""
    """Path relative to the show folder, or a jingle of ours: default, calm, news, playful. Empty is none."""
    gain_db: float | None = None
    """Loudness against the voice, in LU; that of all music without this line."""
    duck_db: float | None = None
    """How far it steps back under the voice, in LU; that of all music without this line."""
    start_ms: int = 0
    """What of its beginning is left out."""
    play_ms: int = 5_000
    """How long it sounds: intro and bed under the words, an outro after the last one, a sting in all."""
    fade_in_ms: int = 5
    """How long it comes in."""
    fade_out_ms: int = 1_500
    """How long it goes out."""
    loop: bool = False
    """Whether it begins again where it is shorter than its place."""


Format = Literal["opus", "aac"]
"""A format besides MP3."""


PLACES = ("show", "title", "author", "date")
"""What `{…}` in an opening or a closing stands for."""


def is_jingle(file: str) -> bool:
    """Return True if a Track's file is the style of a jingle of ours: a name with neither an ending nor a folder."""
    return bool(file) and "." not in file and "/" not in file


@dataclass(frozen=True, slots=True)
class Music:
    """`[music]` of show.toml."""

    intro: Track = Track("default")
    """Before the first word, and a little under it."""
    bed: Track = Track(play_ms=20_000, fade_in_ms=1_500, fade_out_ms=3_000, loop=True)
    """Under the opening."""
    sting: Track = Track(play_ms=6_000, fade_out_ms=400)
    """Between chapters."""
    outro: Track = Track("default", play_ms=20_000, fade_in_ms=1_500)
    """After the last word, and a little under it."""
    gain_db: float = -2.0
    """Loudness of the music against the voice, in LU."""
    duck_db: float = -14.0
    """How far the music steps back under the voice, in LU."""
    lead_ms: int = 4_500
    """How long the intro plays before the first word."""
    tail_ms: int = 1_500
    """How long before the end of the last word the outro begins."""

    def track(self, kind: MusicKind) -> Track:
        """Return a piece of music with the gains that it has or that all have."""
        return self.resolved(getattr(self, kind))

    def resolved(self, track: Track) -> Track:
        """Return a piece of music with the gains that all have, where it has none of its own."""
        gain = self.gain_db if track.gain_db is None else track.gain_db
        return replace(track, gain_db=gain, duck_db=self.duck_db if track.duck_db is None else track.duck_db)


@dataclass(frozen=True, slots=True)
class Output:
    """`[sound]` of show.toml: the form of the finished files."""

    channels: Literal[1, 2] = 2
    """Joint stereo of 128 kbit/s at -16 LUFS, or mono of 96 kbit/s at -19, which is heard as loud."""
    also: tuple[Format, ...] = ()
    """Formats in which episodes are published besides MP3; AAC needs ffmpeg."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """`[pauses]` of show.toml: silence after each kind of utterance, in milliseconds."""

    sentence_ms: int = 280
    """After a sentence."""
    clause_ms: int = 80
    """Between the parts of a sentence that an engine could not take at once."""
    paragraph_ms: int = 620
    """After a paragraph."""
    item_ms: int = 420
    """After an entry of a list."""
    quote_ms: int = 620
    """After a quotation that stands apart."""
    heading_ms: int = 720
    """After a heading."""
    before_heading_ms: int = 1_100
    """Before a heading, in place of what comes after the last words."""
    long_ms: int = 1_500
    """For `***`."""


@dataclass(frozen=True, slots=True)
class Section:
    """`[sections.<name>]` of show.toml: a recurring part of episodes, known by its heading."""

    titles: tuple[str, ...] = ()
    """Other headings that begin it."""
    voice: Speaker | None = None
    """Who speaks in it, unless a segment names its own speaker."""
    sting: str = ""
    """Music before it, relative to the show folder."""
    bed: Track | None = None
    """Music under all of it; `play_ms` 0 is to its end."""


Permission = Literal["audio", "date", "guid", "address"]
"""What may change of what is published, if the producer says so."""


@dataclass(frozen=True, slots=True)
class Publishing:
    """`[publish]` of show.toml: what is uploaded, and what apps are told."""

    target: str = ""
    """Name of the target that is meant where none is named; not needed where there is only one."""
    hub: str = ""
    """Address of the WebSub hub that tells apps of a changed feed; none if empty."""
    grace_days: int = 30
    """How long files that the feed names no more stay at the target, for players that still have their addresses."""
    parallel: int = 4
    """Uploads at once."""
    allow: tuple[Permission, ...] = ()
    """What may always change of what is published, as if `--allow-…` were given each time."""
    podping: bool = False
    """True says that somebody tells Podping of each change: the host, or a service. This program does not."""
    feed_bytes: int = 1_000_000
    """Size of feed.xml over which old episodes get a summary in place of their notes; 0 for no limit."""
    page_bytes: int = 4_000_000
    """Size over which old episodes go to feed-1.xml, feed-2.xml …, which not all apps follow; 0 for no limit."""


@dataclass(frozen=True, slots=True)
class Listening:
    """`[listen]` of show.toml: the machine that hears finished episodes."""

    model: str = ""
    """Folder of a Whisper model for CTranslate2; Whisper base if empty."""


@dataclass(frozen=True, slots=True)
class Show:
    """What show.toml says: the channel of the feed and how its episodes are made."""

    title: str
    """As apps show it."""
    language: str
    """Of the show, as `fr` or `fr-CA`; each article may have its own."""
    url: str
    """Address at which the feed folder will be found, with a final slash."""
    guid: str
    """podcast:guid, which the program writes; never changes, even if the address does."""
    description: str = ""
    """What the show is about, up to 4000 bytes."""
    author: str = ""
    """Who makes it."""
    email: str = ""
    """Where directories reach the owner of the feed."""
    owner: str = ""
    """Who owns it, if not the author; directories write to them."""
    category: str = "Technology"
    """One of Apple's, as Arts, Business, Education, History, News, Science or Technology."""
    subcategory: str = ""
    """One of those that Apple has below the category."""
    more_categories: tuple[str, ...] = ()
    """Further ones, for directories that count more than the first: `Category`, or `Category: Subcategory`."""
    explicit: bool = False
    """True says that it is not for children."""
    type: Literal["episodic", "serial"] = "episodic"
    """Serial shows are listened to from the first episode on, and number each."""
    medium: Literal["podcast", "newsletter", "blog", "audiobook", "course"] = "podcast"
    """podcast:medium: what kind of thing it is."""
    copyright: str = ""
    """Whose it is, in words."""
    link: str = ""
    """Web site of the show; the address of the feed folder if empty."""
    locked: bool = True
    """True asks other hosts not to take the feed over unless the owner says so."""
    license: str = ""
    """SPDX identifier in lower case, such as `cc-by-4.0`, or a name with `license_url`."""
    license_url: str = ""
    """Address of the license's text."""
    funding: str = ""
    """Address at which listeners can support the show."""
    funding_text: str = ""
    """What that link says."""
    frequency: Literal["", "daily", "weekly", "biweekly", "monthly"] = ""
    """How often an episode comes."""
    block: bool = False
    """True asks directories not to list the show."""
    complete: bool = False
    """True says that no more episodes will come."""
    moved_to: str = ""
    """New address of the feed, after a move."""
    cover: str = ""
    """Path relative to the show folder; one is drawn if empty."""
    article_pictures: bool = False
    """True takes the lead picture of an article from the web for its episode: you answer for the right to."""
    opening: str | None = None
    """What is said first; the language's standard sentence without this line, nothing if it is empty."""
    closing: str | None = None
    """What is said last, likewise."""
    voices: Mapping[str, Speaker] = field(default_factory=dict)
    """Language -> the voice that speaks it."""
    fallbacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Voice, or engine -> the voices that may stand in for it, in order."""
    lexicon: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language -> word as written -> word as said."""
    sections: Mapping[str, Section] = field(default_factory=dict)
    """Name, as it stands in a heading -> what is particular to that part of every episode."""
    music: Music = field(default_factory=Music)
    hooks: Mapping[str, str] = field(default_factory=dict)
    """What a producer's own code does -> where it is: `module:function`, a file of the show folder or importable."""
    output: Output = field(default_factory=Output)
    pauses: Pauses = field(default_factory=Pauses)
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """`[engine.<name>]`: what each engine is told."""
    listening: Listening = field(default_factory=Listening)
    publishing: Publishing = field(default_factory=Publishing)
    targets: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """`[target.<name>]`: where the feed folder is uploaded; `kind` says how."""

    def at(self, name: str) -> str:
        """Return the address of a file of the feed folder; what is an address already stays."""
        return name if "://" in name else self.url + name

    def engine_settings(self, engine: str) -> Mapping[str, object]:
        """Return what `[engine.<name>]` says of an engine."""
        return self.settings.get(engine, {})

    def fallbacks_of(self, voice: str) -> tuple[str, ...]:
        """Return the voices that may stand in for one: those named for it, else those named for its engine."""
        return self.fallbacks.get(voice) or self.fallbacks.get(voice.partition("/")[0], ())

    @property
    def feed_url(self) -> str:
        """Address of the feed itself."""
        return self.url + "feed.xml"


def of_language(table: Mapping[str, T], language: str) -> T | None:
    """Return the entry of a language: `fr-CA` itself, else `fr`."""
    tags = {tag.lower(): value for tag, value in table.items()}
    return tags.get(language.lower()) or tags.get(language.split("-", maxsplit=1)[0].lower())


def lexicon(show: Show, language: str) -> Mapping[str, str]:
    """Return how the show says words of a language."""
    return of_language(show.lexicon, language) or {}
