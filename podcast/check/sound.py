# SPDX-License-Identifier: GPL-3.0-or-later
"""An MP3 file: its frames one by one (ISO 11172-3), its Info or Xing header, its ID3v2 tag with chapters."""

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
"""Hz, by the two bits of the version: MPEG-1, MPEG-2, MPEG-2.5."""
KBPS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KBPS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
TAG_BYTES = 300_000
OTHERS = (
    *((rb"....ftyp", "an MP4 (M4A) file"), (rb"OggS", "an Ogg file"), (rb"RIFF....WAVE", "a WAV file")),
    *((rb"fLaC", "a FLAC file"), (rb"\s*<(?:!doctype html|html)", "an HTML page")),
)
"""How files begin that often have the name of an MP3, and what they are."""


@dataclass(slots=True)
class Stream:
    """What the frames of a file are."""

    frames: int = 0
    """Of sound; the Info or Xing frame is none."""
    seconds: float = 0.0
    kinds: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    """Version, sample rate in Hz and number of channels -> how many frames."""
    kbps: Counter[int] = field(default_factory=Counter)
    told: int | None = None
    """Frames, as the first frame says."""
    inner: list[str] = field(default_factory=list)
    """Tags and headers that have no place within."""
    broken: str = ""


def frames(data: bytes) -> Stream:
    """Return what the frames of an MP3 file are."""
    stream = Stream()
    at, end = _after_tag(data), _before_tags(data)
    start = at
    while at + 4 <= end:
        head = int.from_bytes(data[at : at + 4], "big")
        size, kind = _frame(head)
        if size == 0:
            if data[at : at + 3] == b"ID3" or data[at : at + 8] == b"APETAGEX":
                stream.inner.append(f"a tag at byte {at:,}")
                at += max(10, _tag_size(data, at))
                continue
            if not data[at:end].strip(b"\0"):
                break
            stream.broken = f"no MP3 frame at byte {at:,} of {len(data):,}"
            break
        if at + size > end:
            stream.broken = f"the last frame is cut off at byte {end:,}"
            break
        side = 4 + (32 if kind[0] == 3 and kind[2] == 2 else 17 if kind[0] == 3 or kind[2] == 2 else 9)
        mark = data[at + side : at + side + 4]
        if mark in {b"Info", b"Xing"} or data[at + 36 : at + 40] == b"VBRI":
            if at != start:
                stream.inner.append(f"a second header at byte {at:,}")
            elif mark != b"VBRI" and data[at + side + 7] & 1:
                stream.told = struct.unpack(">I", data[at + side + 8 : at + side + 12])[0]
        else:
            stream.frames += 1
            stream.kinds[kind] += 1
            stream.kbps[_kbps(head)] += 1
            stream.seconds += (1152 if kind[0] == 3 else 576) / kind[1]
        at += size
    return stream


def _frame(head: int) -> tuple[int, tuple[int, int, int]]:
    """Return the bytes of a frame of Layer III and what it is; no bytes if the header is none."""
    version, layer, rate = head >> 19 & 3, head >> 17 & 3, head >> 10 & 3
    kbps = _kbps(head)
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or rate == 3 or kbps == 0:
        return 0, (0, 0, 0)
    hertz = RATES[version][rate]
    size = (144 if version == 3 else 72) * kbps * 1000 // hertz + (head >> 9 & 1)
    return size, (version, hertz, 1 if head >> 6 & 3 == 3 else 2)


def _kbps(head: int) -> int:
    index = head >> 12 & 15
    return 0 if index == 15 else (KBPS_1 if head >> 19 & 3 == 3 else KBPS_2)[index]


def _tag_size(data: bytes, at: int) -> int:
    if data[at : at + 3] != b"ID3" or len(data) < at + 10:
        return 0
    size = data[at + 6 : at + 10]
    return 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]) + (10 if data[at + 5] & 0x10 else 0)


def _after_tag(data: bytes) -> int:
    return _tag_size(data, 0)


def _before_tags(data: bytes) -> int:
    """Return where the stream ends: before ID3v1, and before the APEv2 tag that ReplayGain tools write there."""
    end = len(data)
    if data[end - 128 : end - 125] == b"TAG":
        end -= 128
    if data[end - 32 : end - 24] == b"APETAGEX":
        size, flags = (int.from_bytes(data[end - at : end - at + 4], "little") for at in (20, 12))
        end -= size + (32 if flags >> 31 else 0)
    return end


def check(data: bytes, place: str, about: str) -> tuple[float | None, list[Finding]]:
    """Return how many seconds an MP3 lasts, and what is wrong with its stream."""
    stream = frames(data)

    def wrong(rule: str, said: object) -> Finding:
        return Finding(rule, place, about, str(said))

    if stream.broken or not stream.frames:
        other = next((f"it is {name}" for mark, name in OTHERS if re.match(mark, data, re.DOTALL | re.IGNORECASE)), "")
        return None, [wrong("sound-broken", other or stream.broken or "it has no MP3 frames")]
    found = [wrong("sound-inner", each) for each in stream.inner[:1]]
    if len(stream.kinds) > 1:
        found.append(wrong("sound-mixed", ", ".join(f"{rate} Hz, {n} channels" for _, rate, n in stream.kinds)))
    if stream.told is not None and stream.told != stream.frames:
        found.append(wrong("sound-frames", f"{stream.told:,} in the header, {stream.frames:,} in the file"))
    if len(stream.kbps) > 1:
        found.append(wrong("sound-vbr", f"{min(stream.kbps)} to {max(stream.kbps)} kbit/s"))
    _, rate, channels = stream.kinds.most_common(1)[0][0]
    if rate not in {44100, 48000}:
        found.append(wrong("sound-rate", f"{rate} Hz"))
    kbps, low = stream.kbps.most_common(1)[0][0], 64 if channels == 1 else 96
    if not low <= kbps <= (192 if channels == 1 else 320):
        found.append(wrong("sound-bitrate", f"{kbps} kbit/s, {counted(channels, 'channel')}"))
    return stream.seconds, found


def tag(data: bytes, title: str, seconds: float | None, place: str, about: str) -> tuple[list[Mark], list[Finding]]:
    """Return the chapters in the ID3v2 tag of a file, and what is wrong with the tag; `title` is the feed's."""
    from mutagen.id3 import ID3, ID3NoHeaderError
    from mutagen.id3._util import error as ID3Error  # noqa: N812 - mutagen's name for its base class

    def wrong(rule: str, said: object = "") -> Finding:
        return Finding(rule, place, about, str(said)[:200])

    try:
        read: Any = ID3(io.BytesIO(data), translate=False, load_v1=False)  # type: ignore[no-untyped-call]
    except ID3NoHeaderError:
        return [], [wrong("tag-missing")]
    except (ID3Error, ValueError, IndexError, struct.error) as error:
        return [], [wrong("tag-missing", error)]
    found = [wrong("tag-frame", name) for name in ("TIT2", "TPE1", "TALB", "APIC") if not read.getall(name)]
    if (size := _tag_size(data, 0)) > TAG_BYTES:
        found.append(wrong("tag-size", f"{size:,} bytes"))
    said = str(read.getall("TIT2")[0].text[0]) if read.getall("TIT2") and read.getall("TIT2")[0].text else ""
    if title and said and said.strip() != title:
        found.append(wrong("tag-differs", f"“{said}” in the tag, “{title}” in the feed"))
    chapters = sorted(read.getall("CHAP"), key=lambda frame: int(frame.start_time))
    if not chapters:
        return [], found
    if read.version >= (2, 4):
        found.append(wrong("tag-version", "ID3v2.4"))
    found += _contents(read.getall("CTOC"), [frame.element_id for frame in chapters], wrong)
    marks: list[Mark] = []
    for frame in chapters:
        titles = frame.sub_frames.getall("TIT2")
        named = str(titles[0].text[0]) if titles and titles[0].text else ""
        late = seconds is not None and frame.start_time / 1000 >= seconds + 1
        if not named or frame.end_time <= frame.start_time or late:
            found.append(wrong("tag-chapter", f"“{named}”, {frame.start_time} to {frame.end_time} ms"))
        marks.append((frame.start_time / 1000, named))
    found += [wrong("tag-order", "") for _ in _shuffled(data)][:1]
    return marks, found


def _contents(tables: Sequence[Any], wanted: list[str], wrong: Any) -> Iterator[Finding]:
    top = [table for table in tables if int(table.flags) & 2]
    if len(top) != 1:
        yield wrong("tag-toc", f"{len(top)} top-level tables of contents")
        return
    below = {table.element_id: list(table.child_element_ids) for table in tables if table is not top[0]}
    listed = [name for child in top[0].child_element_ids for name in below.get(child, [child])]
    if listed != wanted:
        yield wrong("tag-toc", f"it lists {len(listed)} of {len(wanted)} chapters, or in the wrong order")


def _shuffled(data: bytes) -> Iterator[int]:
    """Give the CHAP frames, in the order of the file, that begin before the one before (ID3v2.3 and 2.4)."""
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
