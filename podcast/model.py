# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the program as types: what passes from stage to stage.

An Article is read, a Script says what will be said, an Utterance is one call to a Voice, Speech comes back,
a Timeline says where it lies, and an Episode of a Show is what gets published.

Frozen, slotted, no I/O. Time is integer milliseconds (`_ms`) or samples at 48 kHz; dates are aware; files are `Path`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Link:
    """A reference that is shown in the notes and never read aloud."""

    url: str
    text: str = ""


BlockKind = Literal["heading", "paragraph", "quote", "item", "code", "table", "image", "break"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article, in the order of reading."""

    kind: BlockKind
    text: str
    """Plain text, white space folded; code keeps its lines. Of an image: its caption or alternative text."""
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
    url: str = ""  # where it stands, if it says so
    summary: str = ""
    links: tuple[Link, ...] = ()
    image: str = ""
    """Address of its lead picture."""
    book: bool = False
    """True for a book, or a chapter of one."""
    part: str = ""
    """What names it among the articles of one source: the id of a feed's entry, the file of a chapter."""
    remarks: tuple[str, ...] = ()
    """What the reader had to guess or left out, a sentence each, for the producer to see."""


SegmentKind = Literal["heading", "paragraph", "quote", "item", "sound", "picture", "pause"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One paragraph-sized unit of a script."""

    kind: SegmentKind
    text: str = ""
    """Markdown as it stands in the script, inline marks included; of a sound or a picture: its alternative text."""
    speaker: str = ""
    """Who was named to say it (`**Anna:**`); empty for the speaker that the kind implies."""
    level: int = 0
    """Of a heading: 2 to 6. Of an item: the number it carries, 0 in a bullet list."""
    file: str = ""
    """Of a sound or a picture: its path, relative to the show folder."""
    pause_ms: int = 0
    """Of a pause: its length; 0 for the show's long pause."""
    line: int = field(default=0, compare=False)
    """Line of the script file, from 1; 0 if it was never in a file."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The voice of a role in a script: `host`, `quote`, or a name."""

    voice: str
    """The voice: `engine/name`, such as `kokoro/ff_siwis`, or only `name` if only one engine has it."""
    speed: float = 1.0
    """Speaking speed, from 0.5 to 2.0: 1.0 is the normal speed of the voice, 1.2 is 20 % faster."""
    pitch: float = 1.0
    """Pitch, from 0.5 to 2.0: 1.0 is the normal pitch of the voice, 1.2 is 20 % higher. Not all engines support it."""

    def fault(self) -> str:
        """Return what of this no engine can do, in words, or an empty text."""
        for name, value in (("speed", self.speed), ("pitch", self.pitch)):
            if not 0.5 <= value <= 2.0:
                return f"{name} must be from 0.5 to 2.0, not {value:g}"
        return ""


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


Quality = Literal["natural", "clear", "robotic", "test"]


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that an engine has."""

    engine: str
    name: str
    language: str
    """BCP 47."""
    speed: float = 1.0
    pitch: float = 1.0
    """Both as in a Speaker."""
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
    parts: tuple[Said, ...] = ()
    """Its stretches, by which words that are shown find those that are said."""
    asked: str = ""
    """Reference of the voice that was asked for, where this one stands in for it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a few that are said as one, with the time in which it sounds."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Sound as an engine gave it."""

    samples: "NDArray[np.float32]"
    """Mono, shape (n,), full scale is 1.0."""
    rate_hz: int
    words: tuple[Word, ...] = ()
    """Of the speakable text, in order, from the first sample; none if the engine does not know."""


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
    words: str = ""
    """Times of its words, short as there are many: see `timing.unpack`. Empty if they are not known."""
    voice: str = ""
    """Reference of the voice that said it, where that stood in for the one that was asked for."""
    level: int = 0
    """That of its segment."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of an episode, for players to show and jump to."""

    start_ms: int
    title: str
    url: str = ""
    image: str = ""
    """Address of a picture of it, or its name in the feed folder."""
    picture: str = ""
    """File of the show folder from which that picture is made."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Measured on the encoded file (ITU-R BS.1770-4)."""

    integrated_lufs: float
    true_peak_dbtp: float
    first_sound_ms: int = 0
    """Silence before anything is heard."""
    longest_silence_ms: int = 0
    """Between the first sound and the last."""
    waveform: str = ""
    """How loud each of equal stretches is: two digits for each, from 00, silence, to 99, the loudest."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The finished sound file of an episode."""

    file: str
    """Name in the audio folder; empty if it lies elsewhere."""
    bytes: int
    """0 if that is not known, of one that lies elsewhere."""
    sha256: str
    duration_ms: int
    """0 if that is not known, of an episode that was made elsewhere."""
    type: str = "audio/mpeg"
    url: str = ""
    """Address where it lies, if that is not in the audio folder."""
    integrity: str = ""
    """`sha384-` and the base64 of that digest, as apps are told it (W3C Subresource Integrity)."""


@dataclass(frozen=True, slots=True)
class Element:
    """An XML element of a feed: `prefix:name`, or a name of RSS itself."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Those with an empty value are left out."""
    children: tuple["Element", ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an episode that was made elsewhere keeps of the feed it was taken over from, word for word."""

    date: str = ""
    """pubDate; empty if it had none that can be read."""
    permalink: bool = False
    """True if its guid is an address (isPermaLink)."""
    description: str = ""
    """HTML, sanitised."""
    notes: str = ""
    """content:encoded, likewise; empty if there was none."""
    elements: tuple[Element, ...] = ()
    """What it said in other vocabularies: persons, soundbites, transcripts in forms that are not read."""


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
    loudness: Loudness | None  # None of one that was made elsewhere
    number: int | None = None
    season: int | None = None
    author: str = ""  # of the article
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
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """Voice that was asked for -> voice that spoke in its place."""
    alternates: tuple[Enclosure, ...] = ()
    """The same sound in other formats."""
    made_from: Mapping[str, str] = field(default_factory=dict)
    """What shaped the file -> its sha256; while all stay the same, nothing is made again."""
    imported: Imported | None = None  # of one that was made elsewhere


@dataclass(frozen=True, slots=True)
class Published:
    """An episode and the names of its files in the feed folder, relative to it, with `/` and ASCII only.

    One that was made elsewhere may have no transcripts and no chapters: those names are empty.
    """

    episode: Episode
    audio: str
    """The MP3; its name carries a hash of its bytes. An address if it lies elsewhere."""
    page: str
    vtt: str
    srt: str
    json: str
    html: str
    """The transcript, like `vtt`, `srt` and `json`, which is that of the podcast namespace."""
    chapters: str
    alternates: tuple[str, ...] = ()
    """The sound in other formats, as in the episode."""
    art: "Art | None" = None
    """A picture of its own; None for that of the show."""
    pictures: tuple[str, ...] = ()
    """Those of its chapters."""


@dataclass(frozen=True, slots=True)
class Art:
    """The files of a cover, or of an episode's own picture, in the feed folder; a new picture gets a new name."""

    cover: str
    """JPEG, square, 1400 to 3000 px."""
    thumbnail: str
    """JPEG, 600 px, for pages."""
    width: int = 0
    """Of the cover, in pixels; 0 if that is not known."""
