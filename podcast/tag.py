# SPDX-License-Identifier: GPL-3.0-or-later
"""What an MP3 says about itself: an ID3 tag in front of the sound, which is left alone.

    Tags -> frames -> ID3v2.3, with the chapters in order of time and the picture last

Version 2.3 because players built on ffmpeg find no chapters in 2.4 tags whose chapter titles are longer than 127 bytes.
mutagen writes chapter frames by size; `_Ordered` writes them by time, for the many players that ignore the table
of contents. The same values give the same bytes.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podcast import text
from podcast.errors import AudioError
from podcast.model import Chapter

if TYPE_CHECKING:
    from mutagen.id3 import Frame

COVER_BYTES = 240_000
"""The picture may take this much: a stream starts only after the tag, which should stay below 300 kB."""

WORDS_BYTES = 32_000
"""A longer text is left out, for the same reason; it is in the transcripts."""

CONTENTS = 255
"""How many entries a table of contents can hold: its count is one byte (id3v2-chapters-1.0)."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What is known about an episode."""

    title: str
    show: str
    date: dt.datetime
    """Aware; year, day and time are written as they are in its zone."""
    language: str
    """BCP 47."""
    guid: str
    duration_ms: int
    author: str = ""
    """Of the article: the artist. Without one it is the show's author, then the show."""
    show_author: str = ""
    """The album's artist, by which players keep a show together. Without one it is the show."""
    number: int | None = None
    season: int | None = None
    feed_url: str = ""
    summary: str = ""
    category: str = ""
    keywords: tuple[str, ...] = ()
    copyright: str = ""
    source: str = ""
    """Address of the article."""
    page: str = ""
    """Address of the episode's page."""
    text: str = ""
    """The words of the episode, paragraphs divided by blank lines."""
    chapters: tuple[Chapter, ...] = ()
    """In order of time; the last one ends with the episode."""
    cover: bytes = b""
    """JPEG, 500 to 800 px."""


def tag(path: Path, tags: Tags) -> None:
    """Give the MP3 file this tag instead of any that it has. The file is changed in place: hand in a temporary one.

    Raises AudioError if the picture is too large or the file cannot be written.
    """
    from mutagen import MutagenError

    if len(tags.cover) > COVER_BYTES:
        raise AudioError(
            f"{path.name}: the picture for the tag has {len(tags.cover)} bytes, more than {COVER_BYTES}",
            hint="make it smaller: 600 px are enough",
        )
    frames = _ordered([*_frames(tags), *_links(tags), *_chapters(tags), *_words(tags), *_picture(tags)])
    frames.update_to_v23()
    try:
        frames.save(path, v1=0, v2_version=3, padding=lambda _: 0)
    except MutagenError as error:
        raise AudioError(f"{path.name}: the tag cannot be written: {error}", hint="is the disk full?") from error


def _ordered(frames: Sequence["Frame"]) -> Any:
    """Return the frames as mutagen's ID3, which is written in the order in which they are given."""
    from mutagen.id3 import ID3
    from mutagen.id3._tags import save_frame

    class _Ordered(ID3):  # type: ignore[misc]  # mutagen has no types
        def _write(self, config: Any) -> bytes:
            place = {frame.HashKey: index for index, frame in enumerate(frames)}
            return b"".join(
                save_frame(frame, config=config)
                for frame in sorted(self.values(), key=lambda frame: place.get(frame.HashKey, len(place)))
            )

    tag = _Ordered()
    for frame in frames:
        tag.add(frame)
    return tag


def _frames(tags: Tags) -> Iterator["Frame"]:
    """Yield the text frames."""
    from mutagen import id3

    show = text.line(tags.show)
    host = text.line(tags.show_author) or show
    day = tags.date
    values = {
        "TIT2": tags.title,
        "TPE1": tags.author or host,
        "TPE2": host,
        "TALB": show,
        "TRCK": str(tags.number or ""),
        "TPOS": str(tags.season or ""),
        "TCON": "Podcast",
        "TYER": f"{day:%Y}".zfill(4),
        "TDAT": f"{day:%d%m}",
        "TIME": f"{day:%H%M}",
        "TLAN": iso639(tags.language),
        "TLEN": str(tags.duration_ms),
        "TCOP": _copyright(tags),
        "TGID": tags.guid,
        "TCAT": tags.category,
        "TKWD": ", ".join(tags.keywords),
        "TDES": tags.summary,
    }
    for name, value in values.items():
        if value := text.line(value):
            yield getattr(id3, name)(encoding=_encoding(value), text=value)
    yield id3.PCST(value=1)
    if comment := text.clean(tags.summary).strip():
        yield id3.COMM(encoding=_encoding(comment), lang=iso639(tags.language), desc="", text=comment)


def _links(tags: Tags) -> Iterator["Frame"]:
    """Yield the addresses: of the feed, of the article and of the page."""
    from mutagen import id3

    for name, address in (("WFED", tags.feed_url), ("WOAS", tags.source), ("WOAF", tags.page)):
        if url := text.web(address):
            yield getattr(id3, name)(url=url)


def _chapters(tags: Tags) -> Iterator["Frame"]:
    """Yield the table of contents, then the chapters. More than 255 are divided between tables in the top one."""
    from mutagen import id3

    names = [f"chp{index}" for index in range(len(tags.chapters))]
    top, ordered = id3.CTOCFlags.TOP_LEVEL, id3.CTOCFlags.ORDERED
    groups = [names[start : start + CONTENTS] for start in range(0, len(names), CONTENTS)]
    if len(groups) == 1:
        yield id3.CTOC(element_id="toc", flags=top | ordered, child_element_ids=names, sub_frames=[])
    elif groups:
        parts = [f"toc{index}" for index in range(len(groups))]
        yield id3.CTOC(element_id="toc", flags=top | ordered, child_element_ids=parts, sub_frames=[])
        for part, group in zip(parts, groups, strict=True):
            yield id3.CTOC(element_id=part, flags=ordered, child_element_ids=group, sub_frames=[])
    ends = [*(chapter.start_ms for chapter in tags.chapters[1:]), tags.duration_ms]
    for name, chapter, end_ms in zip(names, tags.chapters, ends, strict=False):
        title = text.line(chapter.title)
        inner = [id3.TIT2(encoding=_encoding(title), text=title)]
        if url := text.web(chapter.url):
            inner.append(id3.WXXX(encoding=id3.Encoding.LATIN1, desc="", url=url))
        yield id3.CHAP(element_id=name, start_time=chapter.start_ms, end_time=end_ms, sub_frames=inner)


def _words(tags: Tags) -> Iterator["Frame"]:
    """Yield the text of the episode, if it is short."""
    from mutagen import id3

    words = text.clean(tags.text).strip()
    if words and len(words.encode("utf-16")) <= WORDS_BYTES:
        yield id3.USLT(encoding=_encoding(words), lang=iso639(tags.language), desc="", text=words)


def _picture(tags: Tags) -> Iterator["Frame"]:
    """Yield the front cover."""
    from mutagen import id3

    if tags.cover:
        kind = id3.PictureType.COVER_FRONT
        yield id3.APIC(encoding=id3.Encoding.LATIN1, mime="image/jpeg", type=kind, desc="", data=tags.cover)


def _encoding(value: str) -> Any:
    """Return the encoding of version 2.3 that holds the value: Latin-1 for ASCII, UTF-16 for everything else."""
    from mutagen.id3 import Encoding

    return Encoding.LATIN1 if value.isascii() else Encoding.UTF16


def _copyright(tags: Tags) -> str:
    """Return the copyright as TCOP wants it: a year and a space come first."""
    owner = re.sub(r"^(?:©|\(c\)|copyright)\s*", "", text.line(tags.copyright), flags=re.IGNORECASE)
    return owner if re.match(r"\d{4} ", owner) or not owner else f"{tags.date.year} {owner}"


def iso639(language: str) -> str:
    """Return the ISO 639-2 code (terminological) of a BCP 47 tag, as ID3 frames want it: `fr-CA` gives `fra`."""
    primary = language.split("-")[0].lower()
    if re.fullmatch(r"[a-z]{3}", primary):
        return primary
    return _codes().get(primary, "und")


@functools.cache
def _codes() -> dict[str, str]:
    """Return the two-letter codes of ISO 639-1 with their three letters."""
    return dict(pair.split() for pair in files("podcast").joinpath("languages.txt").read_text("ascii").splitlines())
