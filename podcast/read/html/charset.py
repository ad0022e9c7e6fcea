# SPDX-License-Identifier: GPL-3.0-or-later
"""The bytes of a web page -> text: as UTF-8 if valid, then as the page declares, then as browsers guess.

Bytes that are valid UTF-8 are UTF-8, whatever the page declares: text in other encodings hardly ever is. Old Western
pages declare nothing, or the wrong encoding, so without any evidence Windows-1252 is assumed, unless so many letters
are not ASCII that the page must be in another alphabet.
"""

import codecs
import re

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECLARATION = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w:.-]{2,40})",
    re.IGNORECASE,
)
LANGUAGE = re.compile(rb"<html[^>]{0,300}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)
ALIASES = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis"), "cp932"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr"), "cp949"),
    **dict.fromkeys(("windows-874", "tis-620"), "cp874"),
    "iso-8859-9": "cp1254",
}
"""Declared name -> the encoding that browsers use for it (https://encoding.spec.whatwg.org/)."""
WEST = re.compile(rb"[A-Za-z\xc0-\xff]")
FEW = 0.25
"""Below this share of letters that are not ASCII, the language is a Western one."""
LATIN_9 = re.compile(rb"(?<=[a-zA-Z\xa0 ])[\xbd\xbc](?=[a-z])|\d[ \xa0]?\xa4|\xa4[ \xa0]?\d|(?<=[ (])\xbc")
"""Bytes that are œ and € in ISO 8859-15, and make no sense in Windows-1252."""
NOT_WINDOWS_1252 = frozenset(
    (b"cs", b"pl", b"hu", b"sk", b"ro", b"hr", b"sl", b"bs", b"sq", b"tr", b"lt", b"lv", b"et", b"vi")
)
"""Languages with Latin letters that are not in Windows-1252."""


def decode_page(data: bytes) -> str:
    """Return the text of a page."""
    encoding = next((encoding for mark, encoding in MARKS if data.startswith(mark)), "") or "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    declared = _declared(data)
    if declared == "utf-8":
        text = data.decode("utf-8", "replace")
        beyond = sum(ord(c) > 127 for c in text)
        if text.count("\ufffd") <= beyond / 10:
            return text  # one or two invalid bytes, often in an advertisement
    elif declared:
        return data.decode(declared, "replace")
    return data.decode(_guess(data), "replace")


def real_encoding(name: str) -> str:
    """Return the encoding that browsers use for a declared name: `cp1252` for `latin-1`."""
    return ALIASES.get(name.lower(), name)


def _declared(data: bytes) -> str:
    """Return Python's name of the encoding that a page declares; empty for an unknown one."""
    match = DECLARATION.search(data[:4096])
    name = real_encoding((match[1] or match[2]).decode("ascii")) if match else ""
    return codecs.lookup(name).name if _is_known(name) else ""


def _guess(data: bytes) -> str:
    words = re.sub(rb"<[^>]*>", b" ", data)
    letters = WEST.findall(words)
    language = LANGUAGE.search(data[:4096])
    is_western = sum(letter > b"\x7f" for letter in letters) < FEW * len(letters)
    if is_western and not (language and language[1].lower() in NOT_WINDOWS_1252):
        return "iso8859-15" if LATIN_9.search(words) else "cp1252"
    from trafilatura.utils import detect_encoding

    return next((name for name in detect_encoding(words) if _is_known(name)), "cp1252")


def _is_known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
