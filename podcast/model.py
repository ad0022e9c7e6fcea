# SPDX-License-Identifier: GPL-3.0-or-later
"""The data model: the types that are passed from stage to stage.

An Article is read from a source, a Script is the text to narrate, an Utterance is one call to a Voice, which returns
Speech, and an Episode is the result that is published.

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
"""Sample rate of all published audio. At 48 kHz an MPEG-1 frame lasts exactly 24 ms."""

FRAME_SAMPLES = 1_152
"""Samples a channel in one MPEG-1 Layer III frame (ISO 11172-3)."""

FRAME_MS = 24
"""FRAME_SAMPLES / RATE_HZ in milliseconds, with no remainder."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link for the show notes, which is never read aloud."""

    url: str
    text: str = ""


BlockKind = Literal["heading", "paragraph", "quote", "item", "code", "table", "image", "break"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article, in reading order."""

    kind: BlockKind
    text: str
    """Plain text with white space collapsed; code keeps its lines. Of an image: its caption or alternative text."""
    level: int = 0
    """Of a heading: 1 to 6. Of a list item: its number, or 0 in a bullet list."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article read from a source."""

    title: str
    blocks: tuple[Block, ...]
    language: str
    """BCP 47, for instance `fr` or `pt-BR`."""
    author: str = ""
    published: dt.datetime | None = None
    url: str = ""
    """Its URL, if known."""
    summary: str = ""
    links: tuple[Link, ...] = ()
    image: str = ""
    """URL of its lead image."""
    book: bool = False
    """True for a book, or a chapter of one."""
    part: str = ""
    """Its id among the articles of one source: the id of a feed entry, the file of a chapter."""
    remarks: tuple[str, ...] = ()
    """Remarks for the producer about what the reader guessed or left out, a sentence each."""


SegmentKind = Literal["heading", "paragraph", "quote", "item", "sound", "picture", "pause"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One paragraph-sized unit of a script."""

    kind: SegmentKind
    text: str = ""
    """Markdown of the script, with inline markup; of a sound or a picture: its alternative text."""
    speaker: str = ""
    """Speaker named in the script (`**Anna:**`); empty for the default speaker of the kind."""
    level: int = 0
    """Of a heading: 2 to 6. Of an item: its number, or 0 in a bullet list."""
    file: str = ""
    """Of a sound or a picture: its path, relative to the show folder."""
    pause_ms: int = 0
    """Of a pause: its length; 0 for the long pause of the show."""
    line: int = field(default=0, compare=False)
    """Line of the script file, from 1; 0 if it is not from a file."""


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
        """Return the error in speed or pitch as text; empty if both are valid."""
        for name, value in (("speed", self.speed), ("pitch", self.pitch)):
            if not 0.5 <= value <= 2.0:
                return f"{name} must be from 0.5 to 2.0, not {value:g}"
        return ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of a script, by which its article is recognised again."""

    file: str
    """Name of the source: a file name without folder, or a URL."""
    article: str
    """SHA-256 of the article as it was read, in hex."""
    body: str
    """SHA-256 of the body as it was written; a different one now means that a person has edited it."""
    part: str = ""
    """Id of the article if its source has several; see Article.part."""


EpisodeKind = Literal["full", "trailer", "bonus"]
"""itunes:episodeType."""


@dataclass(frozen=True, slots=True)
class Script:
    """The text of an episode: front matter and segments."""

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
    """URL of the article."""
    image: str = ""
    """URL of its lead image."""
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
    """Speed and pitch are as in a Speaker."""
    quality: Quality = "natural"
    online: bool = False
    """True if its text is sent to a service."""
    description: str = ""

    @property
    def ref(self) -> str:
        """Reference to the voice in settings and scripts: `engine/name`."""
        return f"{self.engine}/{self.name}"


@dataclass(frozen=True, slots=True)
class Said:
    """A part of a text: as it is displayed, and as it is spoken."""

    shown: str
    said: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """The text of one call to a voice: a sentence, or as much of it as the engine accepts."""

    voice: Voice
    shown: str
    """The display text, for transcripts and pages."""
    said: str
    """The spoken text, for the engine."""
    segment: int
    """Index of its segment in the script."""
    pause_ms: int = 0
    """Length of the silence after it."""
    parts: tuple[Said, ...] = ()
    """Parts of the text, which map displayed words to spoken ones."""
    asked: str = ""
    """Reference of the requested voice, if `voice` is a fallback for it."""
    annotated: str = ""
    """`said` with IPA for some words, if the engine speaks phonemes and any word needs it."""
    respelt: tuple[tuple[str, str], ...] = ()
    """Words that the producer gave in IPA, with their spelling for an engine that reads only letters."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a few that are spoken as one, with its time stamps."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Audio as returned by an engine."""

    samples: "NDArray[np.float32]"
    """Mono, shape (n,), full scale is 1.0."""
    rate_hz: int
    words: tuple[Word, ...] = ()
    """Word timestamps of the spoken text, in order, from the first sample; empty if the engine has none."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A part of the transcript with its time stamps in the episode."""

    start_ms: int
    end_ms: int
    text: str
    segment: int = 0
    """Cues of one segment share its index: a paragraph of the transcript."""
    kind: SegmentKind = "paragraph"
    speaker: str = ""
    """Name to display; empty in an episode with one speaker."""
    words: str = ""
    """Word timestamps in a compact format: see `alignment.unpack`. Empty if not known."""
    voice: str = ""
    """Reference of the voice, if it is a fallback voice."""
    level: int = 0
    """Level of its segment."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of an episode, for players to display and jump to."""

    start_ms: int
    title: str
    url: str = ""
    image: str = ""
    """URL of its image, or the name of the image in the feed folder."""
    picture: str = ""
    """File of the show folder from which the image is made."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Measured on the encoded file (ITU-R BS.1770-4)."""

    integrated_lufs: float
    true_peak_dbtp: float
    first_sound_ms: int = 0
    """Length of the silence at the start."""
    longest_silence_ms: int = 0
    """Longest silence between the first and the last audible sample."""
    waveform: str = ""
    """Loudness of equal time slices: two digits each, from 00 (silence) to 99 (the loudest)."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The finished audio file of an episode."""

    file: str
    """Name in the audio folder; empty if it is hosted elsewhere."""
    bytes: int
    """Size; 0 if not known, which is possible only if it is hosted elsewhere."""
    sha256: str
    duration_ms: int
    """Duration; 0 if not known, which is possible only for an imported episode."""
    type: str = "audio/mpeg"
    url: str = ""
    """URL of the file, if it is hosted elsewhere."""
    integrity: str = ""
    """`sha384-` and the digest in base64 (W3C Subresource Integrity)."""


@dataclass(frozen=True, slots=True)
class Element:
    """An XML element of a feed: `prefix:name`, or a name of RSS itself."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Attributes; those with an empty value are not written."""
    children: tuple["Element", ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an imported episode keeps unchanged from its original feed."""

    date: str = ""
    """pubDate; empty if there was no valid one."""
    permalink: bool = False
    """True if its guid is a URL (isPermaLink)."""
    description: str = ""
    """Sanitised HTML."""
    notes: str = ""
    """content:encoded as sanitised HTML; empty if there was none."""
    elements: tuple[Element, ...] = ()
    """Elements of other namespaces: persons, soundbites, transcripts in formats that are not imported."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A finished episode: the content of audio/<slug>.json. The feed is built from these records and the show alone."""

    slug: str
    guid: str
    title: str
    published: dt.datetime
    language: str
    enclosure: Enclosure
    chapters: tuple[Chapter, ...]
    cues: tuple[Cue, ...]
    loudness: Loudness | None  # None for an imported episode
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
    """URL of the article's lead image, or a file of the show folder."""
    voices: tuple[str, ...] = ()
    """References of the voices used, in order of appearance."""
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """Requested voice -> fallback voice that was used."""
    alternates: tuple[Enclosure, ...] = ()
    """The same audio in other formats."""
    made_from: Mapping[str, str] = field(default_factory=dict)
    """Ingredient -> its digest; while all stay the same, the episode is up to date."""
    imported: Imported | None = None  # only for an imported episode


@dataclass(frozen=True, slots=True)
class Published:
    """An episode and the names of its files, relative to the feed folder, with `/` and ASCII only.

    An imported episode may have no transcripts and no chapters: those names are empty.
    """

    episode: Episode
    audio: str
    """The MP3; its name contains a digest. A URL if it is hosted elsewhere."""
    page: str
    vtt: str
    srt: str
    json: str
    html: str
    """The transcript as HTML; `vtt` and `srt` are other formats, `json` that of the podcast namespace."""
    chapters: str
    alternates: tuple[str, ...] = ()
    """The audio in other formats, in the order of the episode."""
    art: "Art | None" = None
    """Its own image; None for the cover of the show."""
    pictures: tuple[str, ...] = ()
    """Images of its chapters."""


@dataclass(frozen=True, slots=True)
class Art:
    """The files of a cover, or of an episode's own image, in the feed folder; a new image gets a new name."""

    cover: str
    """JPEG, square, 1400 to 3000 px."""
    thumbnail: str
    """JPEG, 600 px, for pages."""
    width: int = 0
    """Width of the cover in pixels; 0 if not known."""
