# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for MP3 files: frames (ISO 11172-3), Info or Xing header, and ID3v2 tag with chapters."""

import io
import re
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from podcast.check.chapters import Mark
from podcast.check.findings import Finding
from podcast.text import counted

RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Version bits -> sample rates in Hz, for MPEG-1, MPEG-2 and MPEG-2.5."""
KBPS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KBPS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
TAG_BYTES = 300_000
OTHER_FORMATS = (
    *((rb"....ftyp", "an MP4 (M4A) file"), (rb"OggS", "an Ogg file"), (rb"RIFF....WAVE", "a WAV file")),
    *((rb"fLaC", "a FLAC file"), (rb"\s*<(?:!doctype html|html)", "an HTML page")),
)
"""Start of a file -> its type, for files that often have the extension of an MP3 by mistake."""


Kind = tuple[int, int, int]
"""Version, sample rate in Hz and number of channels of a frame."""


@dataclass(slots=True)
class Stream:
    """Summary of the frames of a file."""

    frames: int = 0
    """Audio frames, without the Info or Xing frame."""
    seconds: float = 0.0
    kinds: Counter[Kind] = field(default_factory=Counter)
    """How many frames of each kind."""
    kbps: Counter[int] = field(default_factory=Counter)
    declared: int | None = None
    """Number of frames declared in the Info or Xing header."""
    inner: list[str] = field(default_factory=list)
    """Misplaced tags and headers in the middle of the stream."""
    broken: str = ""


def frames(data: bytes) -> Stream:
    """Parse the frames of an MP3 file."""
    stream = Stream()
    at, end = _after_tag(data), _before_tags(data)
    start = at
    while at + 4 <= end:
        head = int.from_bytes(data[at : at + 4], "big")
        size, kind = _frame(head)
        if size == 0 and _is_tag(data, at):
            stream.inner.append(f"a tag at byte {at:,}")
            at += max(10, _tag_size(data, at))
            continue
        stream.broken = _frame_fault(data, at, size, end)
        if size == 0 or stream.broken:
            break
        mark = _header_mark(data, at, kind)
        if not mark:
            _count(stream, head, kind)
        elif at != start:
            stream.inner.append(f"a second header at byte {at:,}")
        elif mark != b"VBRI":
            stream.declared = _declared_frames(data[at + _header_size(kind) :])
        at += size
    return stream


def _is_tag(data: bytes, at: int) -> bool:
    return data[at : at + 3] == b"ID3" or data[at : at + 8] == b"APETAGEX"


def _frame_fault(data: bytes, at: int, size: int, end: int) -> str:
    """Return why no frame of this size begins here, or an empty string; zero padding at the end is accepted."""
    if size == 0:
        return f"no MP3 frame at byte {at:,} of {len(data):,}" if data[at:end].strip(b"\0") else ""
    return f"the last frame is cut off at byte {end:,}" if at + size > end else ""


def _header_size(kind: Kind) -> int:
    """Return the size in bytes of a frame's header and side information (ISO 11172-3, 13818-3)."""
    version, _, channels = kind
    if version == 3:
        return 36 if channels == 2 else 21
    return 21 if channels == 2 else 13


def _header_mark(data: bytes, at: int, kind: Kind) -> bytes:
    """Return `Info`, `Xing` or `VBRI` for a frame that is a file header; empty for an audio frame."""
    mark = data[at + _header_size(kind) : at + _header_size(kind) + 4]
    if mark in {b"Info", b"Xing"}:
        return mark
    return b"VBRI" if data[at + 36 : at + 40] == b"VBRI" else b""


def _declared_frames(header: bytes) -> int | None:
    """Return the number of frames that an Info or Xing header declares, if any."""
    return int.from_bytes(header[8:12], "big") if header[7] & 1 else None


def _count(stream: Stream, head: int, kind: Kind) -> None:
    """Add an audio frame to the summary."""
    stream.frames += 1
    stream.kinds[kind] += 1
    stream.kbps[_kbps(head)] += 1
    stream.seconds += (1152 if kind[0] == 3 else 576) / kind[1]


def _frame(head: int) -> tuple[int, Kind]:
    """Parse the header of a Layer III frame; return its size in bytes, 0 if it is not valid, and its kind."""
    version, layer, rate = head >> 19 & 3, head >> 17 & 3, head >> 10 & 3
    kbps = _kbps(head)
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or rate == 3 or kbps == 0:
        return 0, (0, 0, 0)
    hertz = RATES[version][rate]
    size = (144 if version == 3 else 72) * kbps * 1000 // hertz + (head >> 9 & 1)
    return size, (version, hertz, 1 if head >> 6 & 3 == 3 else 2)


def _kbps(head: int) -> int:
    table = KBPS_1 if head >> 19 & 3 == 3 else KBPS_2
    index = head >> 12 & 15
    return table[index] if index < len(table) else 0


def _tag_size(data: bytes, at: int) -> int:
    if data[at : at + 3] != b"ID3" or len(data) < at + 10:
        return 0
    size = data[at + 6 : at + 10]
    return 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]) + (10 if data[at + 5] & 0x10 else 0)


def _after_tag(data: bytes) -> int:
    return _tag_size(data, 0)


def _before_tags(data: bytes) -> int:
    """Return the end of the audio: before an ID3v1 tag, and before the APEv2 tag that ReplayGain tools write."""
    end = len(data)
    if data[end - 128 : end - 125] == b"TAG":
        end -= 128
    if data[end - 32 : end - 24] == b"APETAGEX":
        size, flags = (int.from_bytes(data[end - at : end - at + 4], "little") for at in (20, 12))
        end -= size + (32 if flags >> 31 else 0)
    return end


def check(data: bytes, place: str, about: str) -> tuple[float | None, list[Finding]]:
    """Return the duration of an MP3 in seconds, and the findings on its frames."""
    stream = frames(data)
    if stream.broken or not stream.frames:
        other = next(
            (f"it is {name}" for mark, name in OTHER_FORMATS if re.match(mark, data, re.DOTALL | re.IGNORECASE)), ""
        )
        return None, [Finding("sound-broken", place, about, other or stream.broken or "it has no MP3 frames")]
    faults = [*_consistency(stream), *_quality(stream)]
    return stream.seconds, [Finding(rule, place, about, said) for rule, said in faults]


def _consistency(stream: Stream) -> Iterator[tuple[str, str]]:
    """Yield the rules on consistency that a stream breaks, each with the value."""
    for each in stream.inner[:1]:
        yield "sound-inner", each
    if len(stream.kinds) > 1:
        yield "sound-mixed", ", ".join(f"{rate} Hz, {n} channels" for _, rate, n in stream.kinds)
    if stream.declared is not None and stream.declared != stream.frames:
        yield "sound-frames", f"{stream.declared:,} in the header, {stream.frames:,} in the file"


def _quality(stream: Stream) -> Iterator[tuple[str, str]]:
    """Yield the rules on sample rate and bit rate that a stream breaks, each with the value."""
    if len(stream.kbps) > 1:
        yield "sound-vbr", f"{min(stream.kbps)} to {max(stream.kbps)} kbit/s"
    _, rate, channels = stream.kinds.most_common(1)[0][0]
    if rate not in {44100, 48000}:
        yield "sound-rate", f"{rate} Hz"
    kbps = stream.kbps.most_common(1)[0][0]
    low, high = (64, 192) if channels == 1 else (96, 320)
    if not low <= kbps <= high:
        yield "sound-bitrate", f"{kbps} kbit/s, {counted(channels, 'channel')}"


def tag(data: bytes, title: str, seconds: float | None, place: str, about: str) -> tuple[list[Mark], list[Finding]]:
    """Parse the ID3v2 tag; return its chapters and the findings. `title` is the episode's title in the feed."""
    read, why = _id3(data)
    if read is None:
        return [], [Finding("tag-missing", place, about, why[:200])]
    faults = list(_frame_faults(read, title, _tag_size(data, 0)))
    chapters = sorted(read.getall("CHAP"), key=lambda frame: int(frame.start_time))
    if chapters:
        faults += _chapter_faults(read, chapters, seconds)
        faults += [("tag-order", "") for _ in _out_of_order(data)][:1]
    marks = [(frame.start_time / 1000, _title(frame.sub_frames)) for frame in chapters]
    return marks, [Finding(rule, place, about, said[:200]) for rule, said in faults]


def _id3(data: bytes) -> tuple[Any, str]:
    """Return the ID3v2 tag of a file, or None and the reason; the reason is empty if there is no tag."""
    from mutagen.id3 import ID3, ID3NoHeaderError
    from mutagen.id3._util import error as ID3Error  # noqa: N812 - mutagen's name for its base class

    try:
        return ID3(io.BytesIO(data), translate=False, load_v1=False), ""  # type: ignore[no-untyped-call]
    except ID3NoHeaderError:
        return None, ""
    except (ID3Error, ValueError, IndexError, struct.error) as error:
        return None, str(error)


def _title(read: Any) -> str:
    """Return the title in a tag or in the frames of a chapter; empty if there is none."""
    titles = read.getall("TIT2")
    return str(titles[0].text[0]) if titles and titles[0].text else ""


def _frame_faults(read: Any, title: str, size: int) -> Iterator[tuple[str, str]]:
    """Yield the rules that a tag breaks, except those on chapters, each with the value."""
    for name in ("TIT2", "TPE1", "TALB", "APIC"):
        if not read.getall(name):
            yield "tag-frame", name
    if size > TAG_BYTES:
        yield "tag-size", f"{size:,} bytes"
    said = _title(read)
    if title and said and said.strip() != title:
        yield "tag-differs", f"“{said}” in the tag, “{title}” in the feed"


def _chapter_faults(read: Any, chapters: Sequence[Any], seconds: float | None) -> Iterator[tuple[str, str]]:
    """Yield the rules that the chapters of a tag break, each with the value."""
    if read.version >= (2, 4):
        yield "tag-version", "ID3v2.4"
    yield from _contents(read.getall("CTOC"), [frame.element_id for frame in chapters])
    for frame in chapters:
        named = _title(frame.sub_frames)
        late = seconds is not None and frame.start_time / 1000 >= seconds + 1
        if not named or frame.end_time <= frame.start_time or late:
            yield "tag-chapter", f"“{named}”, {frame.start_time} to {frame.end_time} ms"


def _contents(tables: Sequence[Any], wanted: list[str]) -> Iterator[tuple[str, str]]:
    top = [table for table in tables if int(table.flags) & 2]
    if len(top) != 1:
        yield "tag-toc", f"{len(top)} top-level tables of contents"
        return
    below = {table.element_id: list(table.child_element_ids) for table in tables if table is not top[0]}
    listed = [name for child in top[0].child_element_ids for name in below.get(child, [child])]
    if listed != wanted:
        yield "tag-toc", f"it lists {len(listed)} of {len(wanted)} chapters, or in the wrong order"


def _out_of_order(data: bytes) -> Iterator[int]:
    """Yield the starts of CHAP frames that are earlier than the previous one in the file (ID3v2.3 and 2.4)."""
    at, end, starts = 10, min(_tag_size(data, 0), len(data)), list[int]()
    major = data[3]
    while at + 10 <= end and data[at : at + 4].strip(b"\0"):
        size = data[at + 4 : at + 8]
        length = int.from_bytes(size, "big") if major < 4 else size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]
        if data[at : at + 4] == b"CHAP":
            body = data[at + 10 : at + 10 + length]
            times = body[body.find(b"\0") + 1 :]
            starts.append(int.from_bytes(times[:4], "big"))
        at += 10 + length
    yield from (after for before, after in pairwise(starts) if after < before)
