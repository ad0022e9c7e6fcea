# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings in show.toml as types: the show, the sound of its episodes, and how they are published.

`load` reads and validates them; the other types of the program are in `model`. All types are frozen and without I/O.
Paths are relative to the show folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from podcast.langtag import primary
from podcast.model import Speaker

T = TypeVar("T")

MusicKind = Literal["intro", "bed", "sting", "outro"]
"""Position of music: before the text, under its beginning, between chapters, after the end."""


@dataclass(frozen=True, slots=True)
class Track:
    """A piece of music and how it is played: a table in `[music]` of show.toml, or its `file` alone."""

    file: str = ""
    """Audio file, relative to the show folder, such as `audio/music/intro.flac`, or a built-in style: `default`,
    `calm`, `news` or `playful`. Empty for no music."""
    gain_db: float | None = None
    """Loudness relative to the voice, in dB, from -40 to 6; without this key, `gain_db` of `[music]`."""
    duck_db: float | None = None
    """How much quieter it gets under speech, in dB, from -60 to 0; without this key, `duck_db` of `[music]`."""
    start_ms: int = 0
    """How much to skip at the beginning of the file, in milliseconds, from 0 to 3600000."""
    play_ms: int = 5_000
    """How long it plays, in milliseconds, from 100 to 120000. An intro and a bed are counted from the first word, an
    outro from the last word, a sting from its beginning. Default: 5000 for an intro, 20000 for a bed or an outro, 6000
    for a sting."""
    fade_in_ms: int = 5
    """Length of the fade-in, in milliseconds, from 0 to 30000."""
    fade_out_ms: int = 1_500
    """Length of the fade-out, in milliseconds, from 0 to 30000."""
    loop: bool = False
    """True repeats the file if it is too short; a bed does so by default."""


Format = Literal["opus", "aac"]
"""A format besides MP3."""


PLACES = ("show", "title", "author", "date")
"""Placeholders in an opening or a closing."""


def is_jingle(file: str) -> bool:
    """Return True if a Track's file is a built-in style: a name without suffix and folder."""
    return bool(file) and "." not in file and "/" not in file


@dataclass(frozen=True, slots=True)
class Music:
    """`[music]` of show.toml."""

    intro: Track = Track("default")
    """Music at the beginning of each episode, which fades out under the first words. `""` for none."""
    bed: Track = Track(play_ms=20_000, fade_in_ms=1_500, fade_out_ms=3_000, loop=True)
    """Music under the first sentences, such as `calm`. Empty for none."""
    sting: Track = Track(play_ms=6_000, fade_out_ms=400)
    """Short music before each chapter, such as `news`. Empty for none."""
    outro: Track = Track("default", play_ms=20_000, fade_in_ms=1_500)
    """Music at the end of each episode, which begins under the last words. `""` for none."""
    gain_db: float = -2.0
    """Loudness of all music relative to the voice, in dB, from -40 to 6."""
    duck_db: float = -14.0
    """How much quieter music gets under speech, in dB, from -60 to 0."""
    lead_ms: int = 4_500
    """How long the intro plays before the first word, in milliseconds, from 0 to 60000."""
    tail_ms: int = 1_500
    """How long before the end of the last word the outro starts, in milliseconds, from 0 to 60000."""

    def track(self, kind: MusicKind) -> Track:
        """Return a piece of music with its own or the general gains."""
        return self.resolved(getattr(self, kind))

    def with_sting(self, file: str) -> "Music":
        """Return these settings with another sting."""
        return replace(self, sting=replace(self.sting, file=file))

    def resolved(self, track: Track) -> Track:
        """Return a piece of music with its own gains, or else the general ones."""
        gain = self.gain_db if track.gain_db is None else track.gain_db
        return replace(track, gain_db=gain, duck_db=self.duck_db if track.duck_db is None else track.duck_db)


@dataclass(frozen=True, slots=True)
class Output:
    """`[sound]` of show.toml: the audio format of finished episodes."""

    channels: Literal[1, 2] = 2
    """2 for joint stereo (128 kbit/s, -16 LUFS), 1 for mono (96 kbit/s, -19 LUFS, which sounds equally loud)."""
    also: tuple[Format, ...] = ()
    """Formats to publish in addition to MP3, such as `["opus"]`; AAC needs ffmpeg."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """`[pauses]` of show.toml: lengths of the silences in an episode, in milliseconds, each from 0 to 10000."""

    sentence_ms: int = 280
    """After a sentence."""
    clause_ms: int = 80
    """Between the parts of a sentence that is too long for the voice to speak at once."""
    paragraph_ms: int = 620
    """After a paragraph."""
    item_ms: int = 420
    """After a list item."""
    quote_ms: int = 620
    """After a quotation (a paragraph that starts with `>`)."""
    heading_ms: int = 720
    """After a heading."""
    before_heading_ms: int = 1_100
    """Before a heading, instead of the pause after the text above it."""
    long_ms: int = 1_500
    """For `***` in a script."""


@dataclass(frozen=True, slots=True)
class Section:
    """`[sections.<name>]` of show.toml: a recurring part of episodes, known by its heading."""

    titles: tuple[str, ...] = ()
    """Other headings that start this section, such as `["Météo", "Le temps qu'il fait"]`."""
    voice: Speaker | None = None
    """Voice of the section, such as `"kokoro/ff_siwis"`; a speaker named in the script takes precedence."""
    sting: str = ""
    """Music before the section: an audio file, relative to the show folder, or a built-in style such as `news`."""
    bed: Track | None = None
    """Music under the whole section: a file, a built-in style or a table; `play_ms = 0` plays it to the end."""


Permission = Literal["audio", "date", "guid", "address"]
"""What the producer may allow to change in published episodes."""


@dataclass(frozen=True, slots=True)
class Publishing:
    """`[publish]` of show.toml: how the feed folder is uploaded and announced."""

    target: str = ""
    """The target that `podcast publish` uses by default, such as `web` for `[target.web]`; not needed if there is only
    one."""
    hub: str = ""
    """URL of a WebSub hub that tells apps when the feed changes, such as `https://pubsubhubbub.appspot.com/`; empty
    for none."""
    grace_days: int = 30
    """Grace period in days, from 0 to 3650: files that the feed no longer uses stay on the server for this long, for
    apps that still know their URLs."""
    parallel: int = 4
    """How many files to upload at the same time, from 1 to 32."""
    allow: tuple[Permission, ...] = ()
    """What may change in published episodes without asking, as if `--allow-…` were given each time."""
    podping: bool = False
    """True if your host or another service notifies Podping of each change; this program does not do it."""
    feed_bytes: int = 1_000_000
    """Maximum size of feed.xml in bytes, 50000 to 1000000000: above it, old episodes have a summary instead of full
    notes; 0 for no limit."""
    page_bytes: int = 4_000_000
    """Size in bytes, 50000 to 1000000000, above which old episodes move to feed-1.xml, feed-2.xml …, which not all
    apps read; 0 for no limit."""


@dataclass(frozen=True, slots=True)
class Listening:
    """`[listen]` of show.toml: the speech recognition that verifies finished episodes."""

    model: str = ""
    """Folder of a Whisper model in CTranslate2 format, such as `models/whisper-small`; empty for the built-in Whisper
    base."""


@dataclass(frozen=True, slots=True)
class Show:
    """What show.toml says: the channel of the feed and how its episodes are made."""

    title: str
    """Title of the show, as apps display it."""
    language: str
    """Language of the show, such as `fr` or `fr-CA`; an article may be in another language."""
    url: str
    """URL under which the feed folder will be published, such as `https://www.example.org/podcast/`."""
    guid: str
    """podcast:guid, the identity of the show, a UUID; written by the program. Never change it, even if the URL
    changes."""
    description: str = ""
    """What the show is about, in a few sentences, up to 4000 bytes."""
    author: str = ""
    """Who makes the show, a person or an organisation."""
    email: str = ""
    """E-mail address of the owner, for directories such as Apple Podcasts and Spotify; it is public in the feed."""
    owner: str = ""
    """Name of the owner, if it is not the author; directories write to this person."""
    category: str = "Technology"
    """Apple Podcasts category, such as `Arts`, `Business`, `Education`, `History`, `News`, `Science` or
    `Technology`."""
    subcategory: str = ""
    """Apple Podcasts subcategory within the category, such as `Self-Improvement` in `Education`."""
    more_categories: tuple[str, ...] = ()
    """Further categories, such as `["Science", "Education: Courses"]`; some directories use more than the first."""
    explicit: bool = False
    """True marks the show as explicit: not suitable for children."""
    type: Literal["episodic", "serial"] = "episodic"
    """`episodic` if episodes can be played in any order, newest first; `serial` if they are to be played from the
    first on."""
    medium: Literal["podcast", "newsletter", "blog", "audiobook", "course"] = "podcast"
    """podcast:medium: the kind of content."""
    copyright: str = ""
    """Copyright notice, such as `© 2026 Léa Martin`."""
    link: str = ""
    """URL of the website of the show; empty for the index page in the feed folder."""
    locked: bool = True
    """True asks other hosts not to import the feed without the owner's permission."""
    license: str = ""
    """Licence of the episodes: an SPDX identifier in lower case, such as `cc-by-4.0`, or a name together with
    `license_url`."""
    license_url: str = ""
    """URL of the text of the licence."""
    funding: str = ""
    """URL where listeners can support the show, such as `https://liberapay.com/example`."""
    funding_text: str = ""
    """Text of the funding link, such as `Support the show`."""
    frequency: Literal["", "daily", "weekly", "biweekly", "monthly"] = ""
    """How often a new episode appears."""
    block: bool = False
    """True asks directories not to list the show."""
    complete: bool = False
    """True announces that there will be no more episodes."""
    moved_to: str = ""
    """New URL of the feed after a move, such as `https://new.example.org/feed.xml`; see `podcast move`."""
    cover: str = ""
    """Cover art: a square JPEG, PNG or WebP file of at least 1400 x 1400 pixels, relative to the show folder, such as
    `cover.jpg`; generated if empty."""
    article_pictures: bool = False
    """True uses the main image of an article as the cover of its episode; make sure that you have the right to."""
    opening: str | None = None
    """Opening words of new episodes, such as `"Welcome to {show}. {title}, by {author}."`; without this key, a
    standard sentence in the language of the article; `""` for none. `{show}`, `{title}`, `{author}` and `{date}` are
    filled in. Scripts that exist keep theirs."""
    closing: str | None = None
    """Closing words of each episode, in the same way."""
    voices: Mapping[str, Speaker] = field(default_factory=dict)
    """Language -> its voice."""
    fallbacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Voice, or engine -> its fallback voices, in order."""
    lexicon: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language -> written word -> spoken text."""
    sections: Mapping[str, Section] = field(default_factory=dict)
    """Title of a heading -> settings of that section in every episode."""
    music: Music = field(default_factory=Music)
    hooks: Mapping[str, str] = field(default_factory=dict)
    """Name of a hook -> the producer's code: `module:function`, in a file of the show folder or importable."""
    output: Output = field(default_factory=Output)
    pauses: Pauses = field(default_factory=Pauses)
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """`[engine.<name>]`: the settings of each engine."""
    listening: Listening = field(default_factory=Listening)
    publishing: Publishing = field(default_factory=Publishing)
    targets: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """`[target.<name>]`: where the feed folder is uploaded; `kind` says how."""

    def at(self, name: str) -> str:
        """Return the URL of a file in the feed folder; a URL is returned unchanged."""
        return name if "://" in name else self.url + name

    def engine_settings(self, engine: str) -> Mapping[str, object]:
        """Return the settings in `[engine.<name>]`."""
        return self.settings.get(engine, {})

    def fallbacks_of(self, voice: str) -> tuple[str, ...]:
        """Return the fallback voices of a voice: those named for it, else those named for its engine."""
        return self.fallbacks.get(voice) or self.fallbacks.get(voice.partition("/")[0], ())

    @property
    def feed_url(self) -> str:
        """URL of the feed."""
        return self.url + "feed.xml"


def of_language(table: Mapping[str, T], language: str) -> T | None:
    """Return the entry for a language tag: for `fr-CA`, else for `fr`."""
    tags = {tag.lower(): value for tag, value in table.items()}
    return tags.get(language.lower()) or tags.get(primary(language))


def lexicon(show: Show, language: str) -> Mapping[str, str]:
    """Return the show's pronunciation lexicon for a language: written word -> spoken text."""
    return of_language(show.lexicon, language) or {}
