# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the tags of audio files, without changing their audio.

    Tags -> frames -> ID3v2.3 in front of an MP3, with the chapters in order of time and the image last
         -> comments and images in Opus, atoms and a chapter track in M4A: the subset that players read

Version 2.3 because players built on ffmpeg find no chapters in 2.4 tags whose chapter titles are longer than 127 bytes.
mutagen writes chapter frames by size; `_Ordered` writes them by time, for the many players that ignore the table
of contents. The same values give the same bytes.
"""

import base64
import datetime as dt
import functools
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podcast import ffmpeg, text, workspace
from podcast.errors import AudioError
from podcast.langtag import primary
from podcast.model import Chapter

if TYPE_CHECKING:
    from mutagen.id3 import Frame

COVER_BYTES = 240_000
"""Maximum size of the cover: playback starts only after the tag, which should stay below 300 kB."""

WORDS_BYTES = 32_000
"""Maximum size of the text, for the same reason; a longer one is only in the transcripts."""

CONTENTS = 255
"""Maximum number of entries of a table of contents: its count is one byte (id3v2-chapters-1.0)."""

TOP_LEVEL, ORDERED = 2, 1
"""Flags of a table of contents."""

FRONT_COVER, OTHER_PICTURE = 3, 0
"""Picture type (id3v2.3, 4.15)."""


@dataclass(frozen=True, slots=True)
class Tags:
    """The metadata of an episode."""

    title: str
    show: str
    date: dt.datetime
    """With a time zone; year, day and time are written in it."""
    language: str
    """BCP 47."""
    guid: str
    duration_ms: int
    author: str = ""
    """The article's author, written as the artist; by default the show's author, then the show."""
    show_author: str = ""
    """The album artist, by which players group a show; by default the show."""
    number: int | None = None
    season: int | None = None
    feed_url: str = ""
    summary: str = ""
    category: str = ""
    keywords: tuple[str, ...] = ()
    copyright: str = ""
    source: str = ""
    """URL of the article."""
    page: str = ""
    """URL of the episode's page."""
    text: str = ""
    """The text of the episode, paragraphs separated by blank lines."""
    chapters: tuple[Chapter, ...] = ()
    """In order of time; the last one ends with the episode."""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """`image` of chapters -> that image as JPEG."""
    cover: bytes = b""
    """JPEG, 500 to 800 px."""


def tag(path: Path, tags: Tags) -> None:
    """Replace all tags of an MP3, Opus or M4A file. It is changed in place: pass a temporary file.

    Raises AudioError if the image is too large, the file is missing or cannot be written, or, for chapters of an M4A
    file, ffmpeg is not installed.
    """
    from mutagen import MutagenError

    if not path.is_file():
        raise AudioError("file not found", file=path.name, hint="run: podcast make")
    if len(tags.cover) > COVER_BYTES:
        raise AudioError(
            f"the image for the ID3 tag has {len(tags.cover)} bytes, the maximum is {COVER_BYTES}",
            file=path.name,
            hint="use a smaller image: 600 x 600 pixels are enough",
        )
    try:
        {".opus": _tag_opus, ".m4a": _tag_m4a}.get(path.suffix, _tag_mp3)(path, tags)
    except MutagenError as error:
        raise AudioError(
            f"the tags cannot be written: {error}", file=path.name, hint="check the free disk space"
        ) from error


def _tag_mp3(path: Path, tags: Tags) -> None:
    frames = _ordered(
        [*_text_frames(tags), *_url_frames(tags), *_chapter_frames(tags), *_lyrics_frame(tags), *_cover_frame(tags)]
    )
    frames.update_to_v23()
    frames.save(path, v1=0, v2_version=3, padding=lambda _: 0)


def _tag_opus(path: Path, tags: Tags) -> None:
    """Write Vorbis comments (RFC 7845, 5.2), with chapters in the Xiph wiki's format, which ffmpeg and players read."""
    from mutagen import flac, oggopus

    opus: Any = oggopus.OggOpus
    file = opus(path)
    file.tags.clear()
    file.tags.update({name: value for name, value in _vorbis_comments(tags).items() if value})
    for index, chapter in enumerate(tags.chapters):
        name = f"CHAPTER{index:03}"
        file.tags[name] = text.timecode(chapter.start_ms)
        file.tags[f"{name}NAME"] = text.line(chapter.title)
        if url := text.web(chapter.url):
            file.tags[f"{name}URL"] = url
    if tags.cover:
        new: Any = flac.Picture
        picture = new()
        picture.type, picture.mime, picture.data = FRONT_COVER, "image/jpeg", tags.cover
        file.tags["METADATA_BLOCK_PICTURE"] = base64.b64encode(picture.write()).decode("ascii")
    file.save(padding=lambda _: 0)


def _tag_m4a(path: Path, tags: Tags) -> None:
    """Write the atoms of iTunes; chapters are a separate track, which mutagen cannot write."""
    from mutagen import mp4

    if tags.chapters:
        _chapter_track(path, tags)
    atoms: Any = mp4
    file = atoms.MP4(path)
    said = _vorbis_comments(tags)
    names = {
        "©nam": "TITLE", "©ART": "ARTIST", "aART": "ALBUMARTIST", "©alb": "ALBUM", "©day": "DATE", "©gen": "GENRE",
        "desc": "DESCRIPTION", "ldes": "DESCRIPTION", "cprt": "COPYRIGHT", "catg": "CATEGORY",
    }  # fmt: skip
    values: dict[str, Any] = {atom: [said[name]] for atom, name in names.items() if said.get(name)}
    values |= {"pcst": True, "egid": [tags.guid]}
    if feed := text.web(tags.feed_url):
        values["purl"] = [feed]
    if tags.number:
        values["trkn"] = [(tags.number, 0)]
    if tags.cover:
        values["covr"] = [atoms.MP4Cover(tags.cover, atoms.MP4Cover.FORMAT_JPEG)]
    if file.tags is None:
        file.add_tags()
    file.tags.clear()
    file.tags.update(values)
    file.save(padding=lambda _: 0)


def _vorbis_comments(tags: Tags) -> dict[str, str]:
    """Return the values of Vorbis comments by name."""
    show = text.line(tags.show)
    host = text.line(tags.show_author) or show
    return {
        "TITLE": text.line(tags.title),
        "ARTIST": text.line(tags.author) or host,
        "ALBUMARTIST": host,
        "ALBUM": show,
        "DATE": tags.date.isoformat(),
        "GENRE": "Podcast",
        "TRACKNUMBER": str(tags.number or ""),
        "DISCNUMBER": str(tags.season or ""),
        "LANGUAGE": iso639(tags.language),
        "COPYRIGHT": text.line(_copyright(tags)),
        "CATEGORY": text.line(tags.category),
        "DESCRIPTION": text.clean(tags.summary).strip(),
        "CONTACT": text.web(tags.page),
        "SOURCE": text.web(tags.source),
    }


def _chapter_track(path: Path, tags: Tags) -> None:
    """Write the chapter track of an M4A file with ffmpeg; the audio is copied unchanged."""
    program = ffmpeg.needed("AAC")
    ends = [*(chapter.start_ms for chapter in tags.chapters[1:]), tags.duration_ms]
    told = [";FFMETADATA1"]
    for chapter, end_ms in zip(tags.chapters, ends, strict=True):
        title = re.sub(r"([=;#\\])", r"\\\1", text.line(chapter.title))
        told += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={chapter.start_ms}", f"END={end_ms}", f"title={title}"]
    with tempfile.TemporaryDirectory() as folder:
        chapters, made = Path(folder) / "chapters.txt", path.with_name(f"{path.name}.m4a")
        chapters.write_bytes(("\n".join(told) + "\n").encode())
        source = ("-i", f"file:{path}", "-f", "ffmetadata", "-i", str(chapters))
        kept = ("-map", "0:a", "-map_metadata", "1", "-map_chapters", "1", "-c", "copy", "-fflags", "+bitexact")
        whole = ("-movflags", "+faststart", "-f", "ipod", "-y", f"file:{made}")
        command = [program, "-v", "error", "-nostdin", *source, *kept, *whole]
        run = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
        if run.returncode:
            made.unlink(missing_ok=True)
            said = (run.stderr.strip().splitlines() or ["ffmpeg gave no reason"])[-1]
            raise AudioError(
                f"the chapters cannot be written: {said}", file=path.name, hint="install another version of ffmpeg"
            )
    workspace.move(made, path)


def _ordered(frames: Sequence["Frame"]) -> Any:
    """Return the frames as mutagen's ID3, which is written in the order given."""
    from mutagen.id3 import ID3, _tags

    save: Any = _tags.save_frame
    place = {frame.HashKey: index for index, frame in enumerate(frames)}

    class Ordered(ID3):
        def _write(self: Any, config: Any) -> bytes:
            """Join the frames; mutagen's own method sorts chapters by their size in bytes (its issue 506)."""
            ordered = sorted(self.values(), key=lambda frame: place[frame.HashKey])
            return b"".join(save(frame, config=config) for frame in ordered)

    new: Any = Ordered
    tag = new()
    for frame in frames:
        tag.add(frame)
    return tag


def _frame(name: str, **values: Any) -> "Frame":
    """Return a frame; text is Latin-1 if it is ASCII, else UTF-16: version 2.3 does not support UTF-8."""
    from mutagen import id3

    if "text" in values:
        values["encoding"] = id3.Encoding.LATIN1 if values["text"].isascii() else id3.Encoding.UTF16
    frame: Frame = getattr(id3, name)(**values)
    return frame


def _text_frames(tags: Tags) -> Iterator["Frame"]:
    """Yield the text frames."""
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
        "TYER": f"{day.year:04}",
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
            yield _frame(name, text=value)
    yield _frame("PCST", value=1)
    if comment := text.clean(tags.summary).strip():
        yield _frame("COMM", lang=iso639(tags.language), desc="", text=comment)


def _url_frames(tags: Tags) -> Iterator["Frame"]:
    """Yield the URLs of the feed, of the article and of the page."""
    for name, address in (("WFED", tags.feed_url), ("WOAS", tags.source), ("WOAF", tags.page)):
        if url := text.web(address):
            yield _frame(name, url=url)


def _chapter_frames(tags: Tags) -> Iterator["Frame"]:
    """Yield the table of contents, then the chapters. More than 255 are divided between nested tables."""
    names = [f"chp{index}" for index in range(len(tags.chapters))]
    groups = [names[start : start + CONTENTS] for start in range(0, len(names), CONTENTS)]
    if len(groups) == 1:
        yield _contents_frame("toc", names, TOP_LEVEL | ORDERED)
    elif groups:
        parts = [f"toc{index}" for index in range(len(groups))]
        yield _contents_frame("toc", parts, TOP_LEVEL | ORDERED)
        yield from (_contents_frame(part, group, ORDERED) for part, group in zip(parts, groups, strict=True))
    starts = [chapter.start_ms for chapter in tags.chapters]
    for name, chapter, end_ms in zip(names, tags.chapters, [*starts[1:], tags.duration_ms], strict=False):
        inner = [_frame("TIT2", text=text.line(chapter.title))]
        if url := text.web(chapter.url):
            inner.append(_frame("WXXX", encoding=0, desc="", url=url))
        if picture := tags.pictures.get(chapter.image):
            inner.append(_frame("APIC", encoding=0, mime="image/jpeg", type=OTHER_PICTURE, desc="", data=picture))
        yield _frame("CHAP", element_id=name, start_time=chapter.start_ms, end_time=end_ms, sub_frames=inner)


def _contents_frame(name: str, children: Sequence[str], flags: int) -> "Frame":
    return _frame("CTOC", element_id=name, flags=flags, child_element_ids=children, sub_frames=[])


def _lyrics_frame(tags: Tags) -> Iterator["Frame"]:
    """Yield the text of the episode, if it is short."""
    words = text.clean(tags.text).strip()
    if words and len(words.encode("utf-16")) <= WORDS_BYTES:
        yield _frame("USLT", lang=iso639(tags.language), desc="", text=words)


def _cover_frame(tags: Tags) -> Iterator["Frame"]:
    """Yield the front cover."""
    if tags.cover:
        yield _frame("APIC", encoding=0, mime="image/jpeg", type=FRONT_COVER, desc="", data=tags.cover)


def _copyright(tags: Tags) -> str:
    """Return the copyright in the format of TCOP: a year and a space come first."""
    owner = re.sub(r"^(?:©|\(c\)|copyright)\s*", "", text.line(tags.copyright), flags=re.IGNORECASE)
    return owner if re.match(r"\d{4} ", owner) or not owner else f"{tags.date.year} {owner}"


def iso639(language: str) -> str:
    """Return the ISO 639-2 code (terminological) of a BCP 47 tag, for ID3 frames: `fr-CA` gives `fra`."""
    code = primary(language)
    if re.fullmatch(r"[a-z]{3}", code):
        return code
    return _codes().get(code, "und")


@functools.cache
def _codes() -> dict[str, str]:
    """Return ISO 639-1 codes (two letters) with their ISO 639-2 codes (three letters)."""
    return dict(pair.split() for pair in files("podcast").joinpath("languages.txt").read_text("ascii").splitlines())
