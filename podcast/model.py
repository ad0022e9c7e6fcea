# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the program as types: what passes from stage to stage.

An Article is read, a Script says what will be said, an Utterance is one call to a Voice, Speech comes back,
a Timeline says where it lies, and an Episode of a Show is what gets published.

Everything is frozen and slotted and does no I/O. Time is integer milliseconds (`_ms`) or samples at 48 kHz;
dates are aware datetimes; files are `Path`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE_HZ = 48_000
"""Sample rate of every published sound. At 48 kHz an MPEG-1 frame lasts exactly 24 ms."""

FRAME_SAMPLES = 1_152
"""Samples a channel in one MPEG-1 Layer III frame (ISO 11172-3)."""

FRAME_MS = 24
"""FRAME_SAMPLES / RATE_HZ in milliseconds, with no remainder."""


# --- what was read ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """A reference that is shown in the notes and never read aloud."""

    url: str
    text: str = ""


BlockKind = Literal["heading", "paragraph", "quote", "item", "code", "table", "image"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article, in the order of reading."""

    kind: BlockKind
    text: str
    """Plain text, white space folded. Code keeps its lines; an image has its caption or alternative text."""
    level: int = 0
    """Of a heading: 1 to 6. Of a list item: the number it carries, 0 in a bullet list."""


@dataclass(frozen=True, slots=True)
class Article:
    """What was read from one source."""

    title: str
    blocks: tuple[Block, ...]
    language: str
    """BCP 47, for instance `fr` or `pt-BR`."""
    author: str = ""
    published: dt.datetime | None = None
    url: str = ""
    """Where the article stands, if it says so."""
    summary: str = ""
    links: tuple[Link, ...] = ()
    image: str = ""
    """Address of its lead picture."""
    part: str = ""
    """What names it among the articles of one source: the id of a feed's entry, the file of a chapter."""
    remarks: tuple[str, ...] = ()
    """What the reader had to guess or left out, a sentence each, for the producer to see."""


# --- what will be said ------------------------------------------------------------------------------------------

SegmentKind = Literal["heading", "paragraph", "quote", "item", "sound", "pause"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One paragraph-sized unit of a script."""

    kind: SegmentKind
    text: str = ""
    """Markdown as it stands in the script, inline marks included; of a sound: its alternative text."""
    speaker: str = ""
    """Who was named to say it (`**Anna:**`); empty for the speaker that the kind implies."""
    level: int = 0
    """Of a heading: 2 to 6. Of an item: the number it carries, 0 in a bullet list."""
    sound: str = ""
    """Of a sound: its path, relative to the show folder."""
    pause_ms: int = 0
    """Of a pause: its length; 0 for the show's long pause."""
    line: int = field(default=0, compare=False)
    """Line of the script file, from 1; 0 if it was never in a file."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The voice of a role in a script: `host`, `quote`, or a name."""

    voice: str
    """Reference of a voice: `engine/name`, or `name` if one engine has it."""
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Origin:
    """How the article of a script is recognised again."""

    file: str
    """Name of the source: a file without its folder, or an address."""
    article: str
    """sha256 of the article as it was read, in hex."""
    body: str
    """sha256 of the body as it was written; another one now means that a person has edited it."""
    part: str = ""
    """Of one article among several of a source: what names it there."""


EpisodeKind = Literal["full", "trailer", "bonus"]
"""itunes:episodeType."""


@dataclass(frozen=True, slots=True)
class Script:
    """What will be said: front matter and segments."""

    slug: str
    title: str
    guid: str
    date: dt.datetime
    language: str
    segments: tuple[Segment, ...]
    episode: int | None = None
    season: int | None = None
    author: str = ""
    source: str = ""
    """Address of the article."""
    image: str = ""
    """Address of its lead picture."""
    summary: str = ""
    links: tuple[Link, ...] = ()
    kind: EpisodeKind = "full"
    publish: bool = True
    """False keeps the episode out of the feed: not ready yet, or withdrawn."""
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    origin: Origin | None = None
    path: Path | None = field(default=None, compare=False)


# --- how it is said ---------------------------------------------------------------------------------------------

Quality = Literal["natural", "clear", "robotic", "test"]


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that an engine has."""

    engine: str
    name: str
    language: str
    """BCP 47."""
    speed: float = 1.0
    """1.0 is the voice's own pace, 1.2 is 20 % quicker."""
    quality: Quality = "natural"
    online: bool = False
    """True if its text leaves this machine."""
    description: str = ""

    @property
    def ref(self) -> str:
        """What a person writes to name it: `engine/name`."""
        return f"{self.engine}/{self.name}"


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of text and the way it is spoken."""

    shown: str
    said: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a voice is given to say in one call: a sentence, or what the engine can take of it."""

    voice: Voice
    shown: str
    """The original wording, for transcripts and pages."""
    said: str
    """The speakable form, for the engine."""
    segment: int
    """Index of its segment in the script."""
    pause_ms: int = 0
    """Silence after it."""


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Sound as an engine gave it."""

    samples: "NDArray[np.float32]"
    """Mono, shape (n,), full scale is 1.0."""
    rate_hz: int


# --- where it lies ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of speech with its times in the episode, in the original wording."""

    start_ms: int
    end_ms: int
    text: str
    segment: int = 0
    """Cues of one segment share its index: a paragraph of the transcript."""
    kind: SegmentKind = "paragraph"
    speaker: str = ""
    """Name to show; empty in an episode with one speaker."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of an episode, for players to show and jump to."""

    start_ms: int
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Measured on the encoded file (ITU-R BS.1770-4)."""

    integrated_lufs: float
    true_peak_dbtp: float
    first_sound_ms: int = 0
    """Silence before anything is heard."""
    longest_silence_ms: int = 0
    """Between the first sound and the last."""


# --- what is published ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The finished sound file of an episode."""

    file: str
    """Name in the audio folder."""
    bytes: int
    sha256: str
    duration_ms: int
    type: str = "audio/mpeg"


@dataclass(frozen=True, slots=True)
class Episode:
    """A finished episode, as audio/<slug>.json keeps it. The feed is built from these and the show alone."""

    slug: str
    guid: str
    title: str
    published: dt.datetime
    language: str
    enclosure: Enclosure
    chapters: tuple[Chapter, ...]
    cues: tuple[Cue, ...]
    loudness: Loudness
    number: int | None = None
    season: int | None = None
    author: str = ""
    """Of the article."""
    summary: str = ""
    source: str = ""
    links: tuple[Link, ...] = ()
    kind: EpisodeKind = "full"
    publish: bool = True
    """False keeps it out of the feed."""
    image: str = ""
    """Address of the article's lead picture."""
    voices: tuple[str, ...] = ()
    """References of the voices heard, in order of appearance."""
    made_from: Mapping[str, str] = field(default_factory=dict)
    """What shaped the file -> its sha256; while all stay the same, nothing is made again."""


@dataclass(frozen=True, slots=True)
class Published:
    """An episode and the names of its files in the feed folder, relative to it, with `/` and ASCII only."""

    episode: Episode
    audio: str
    """The MP3; its name carries a hash of its bytes."""
    page: str
    vtt: str
    srt: str
    json: str
    """The transcript as podcast namespace JSON."""
    html: str
    """The transcript as HTML."""
    chapters: str


@dataclass(frozen=True, slots=True)
class Art:
    """The cover's files in the feed folder, relative to it; a new picture gets a new name."""

    cover: str
    """JPEG, square, 1400 to 3000 px."""
    thumbnail: str
    """JPEG, 600 px, for pages."""


MusicKind = Literal["intro", "bed", "sting", "outro"]
"""Where music has its place: before the words, under the first of them, between chapters, after the last."""


@dataclass(frozen=True, slots=True)
class Track:
    """A piece of music and how it is played: a table in `[music]` of show.toml, or its `file` alone."""

    file: str = ""
    """Path relative to the show folder, or the style of a jingle of ours: see `sound.jingle`. Empty is none."""
    gain_db: float | None = None
    """Loudness against the voice, in LU; None for that of all music."""
    duck_db: float | None = None
    """How far it steps back under the voice; None for that of all music."""
    start_ms: int = 0
    """What of its beginning is left out."""
    play_ms: int = 5_000
    """How long it sounds: intro and bed under the words, an outro after the last one, a sting in all."""
    fade_in_ms: int = 5
    fade_out_ms: int = 1_500
    loop: bool = False
    """Whether it begins again where it is shorter than its place."""


def is_jingle(file: str) -> bool:
    """Return True if a Track's file is the style of a jingle of ours: a name with neither an ending nor a folder."""
    return bool(file) and "." not in file and "/" not in file


@dataclass(frozen=True, slots=True)
class Music:
    """`[music]` of show.toml."""

    intro: Track = Track("default")
    bed: Track = Track(play_ms=20_000, fade_in_ms=1_500, fade_out_ms=3_000, loop=True)
    sting: Track = Track(play_ms=6_000, fade_out_ms=400)
    outro: Track = Track("default", play_ms=20_000, fade_in_ms=1_500)
    gain_db: float = -2.0
    """Loudness of the music against the voice, in LU."""
    duck_db: float = -14.0
    """How far the music steps back under the voice."""
    lead_ms: int = 4_500
    """How long the intro plays before the first word."""
    tail_ms: int = 1_500
    """How long before the end of the last word the outro begins."""

    def track(self, kind: MusicKind) -> Track:
        """Return a piece of music with the gains that it has or that all have."""
        track: Track = getattr(self, kind)
        gain = self.gain_db if track.gain_db is None else track.gain_db
        return replace(track, gain_db=gain, duck_db=self.duck_db if track.duck_db is None else track.duck_db)


@dataclass(frozen=True, slots=True)
class Output:
    """`[sound]` of show.toml: the form of the finished files."""

    channels: Literal[1, 2] = 2
    """Joint stereo of 128 kbit/s at -16 LUFS, or mono of 96 kbit/s at -19, which is heard as loud."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """`[pauses]` of show.toml: silence after each kind of utterance, in milliseconds."""

    sentence_ms: int = 280
    clause_ms: int = 80
    """Between the parts of a sentence that an engine could not take at once."""
    paragraph_ms: int = 620
    item_ms: int = 420
    quote_ms: int = 620
    heading_ms: int = 720
    before_heading_ms: int = 1_100
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


@dataclass(frozen=True, slots=True)
class Publishing:
    """`[publish]` of show.toml."""

    target: str = ""
    """Name of the target that is meant where none is named; not needed where there is only one."""
    hub: str = ""
    """Address of the WebSub hub that tells apps of a changed feed; none if empty."""
    grace_days: int = 30
    """How long files that the feed names no more stay at the target, for players that still have their addresses."""
    parallel: int = 4
    """Uploads at once."""


@dataclass(frozen=True, slots=True)
class Listening:
    """`[listen]` of show.toml: the machine that hears finished episodes."""

    model: str = ""
    """Folder of a Whisper model for CTranslate2; Whisper base if empty."""


@dataclass(frozen=True, slots=True)
class Show:
    """What show.toml says: the channel of the feed and how its episodes are made."""

    title: str
    language: str
    url: str
    """Address at which the feed folder will be found, with a final slash."""
    guid: str
    """podcast:guid; never changes, even if the address does."""
    description: str = ""
    author: str = ""
    email: str = ""
    category: str = "Technology"
    subcategory: str = ""
    explicit: bool = False
    type: Literal["episodic", "serial"] = "episodic"
    medium: Literal["podcast", "newsletter", "blog", "audiobook", "course"] = "podcast"
    copyright: str = ""
    link: str = ""
    """Web site of the show; the address of the feed folder if empty."""
    locked: bool = True
    license: str = ""
    """SPDX identifier in lower case, such as `cc-by-4.0`, or a name with `license_url`."""
    license_url: str = ""
    funding: str = ""
    """Address at which listeners can support the show."""
    funding_text: str = ""
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
    opening: str | None = None
    """What is said first; None for the standard sentence of the language, empty for nothing."""
    closing: str | None = None
    """What is said last, likewise."""
    voices: Mapping[str, Speaker] = field(default_factory=dict)
    """Language -> the voice that speaks it."""
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

    def engine_settings(self, engine: str) -> Mapping[str, object]:
        """Return what `[engine.<name>]` says of an engine."""
        return self.settings.get(engine, {})

    @property
    def feed_url(self) -> str:
        """Address of the feed itself."""
        return self.url + "feed.xml"


Pieces = Sequence[Utterance | Segment]
"""An episode in order: what is said, and the sounds and pauses between."""
