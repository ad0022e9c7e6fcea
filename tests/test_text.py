# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that every published format can carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podcast import text

ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()))  # surrogates as well


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("a\x00b\x1b[1m\x7f", "ab[1m"),
        ("\x93quoted\x94 \x96 it\x92s 5 \x80\x85", "“quoted” – it’s 5 €…"),
        ("\x81\x8d", ""),
        ("\ud83d\ude00 \ud83d x \ude00", "😀  x "),
        ("\ufeffa\ufffe\uffff", "a"),
        ("a\r\nb\rc\u2028d\u2029e\vf\fg", "a\nb\nc\nd\ne\nf\ng"),
        ("tab\tand  two", "tab\tand  two"),
    ],
)
def test_characters_that_formats_forbid_are_replaced(given, cleaned):
    """Controls, Windows-1252 leftovers, surrogates, marks and odd line ends."""
    assert text.clean(given) == cleaned


@given(ANY)
def test_any_text_goes_through_xml(given):
    """Cleaned text is read back from XML as it was, and is cleaned only once."""
    cleaned = text.clean(given)
    node = etree.Element("a")
    node.text = cleaned

    assert (etree.fromstring(etree.tostring(node)).text or "") == cleaned
    assert text.clean(cleaned) == cleaned
    assert text.line(text.line(given)) == text.line(given)
    assert "\n" not in text.line(given)


def test_a_line_keeps_no_break_spaces():
    """French punctuation needs them; everything else is folded."""
    assert text.line(" «\u00a0Oui\u202f!\u00a0»\n \u00a0 fin\u3000. ") == "«\u00a0Oui\u202f!\u00a0» fin ."


def test_notes_from_elsewhere_keep_what_apps_show():
    """Their tags and addresses of the web; pictures if they are asked for, no script, no event."""
    html = (
        '<p onclick="x()">A <b>b</b> <a href="javascript:x()">c</a> <a href="https://e.com/">d</a>'
        '<script>s()</script><img src="https://e.com/a.png" alt="p" onload="x()"></p>'
    )
    kept = '<p>A <b>b</b> <a>c</a> <a href="https://e.com/">d</a>'

    assert text.markup(html) == f"{kept}</p>"
    assert text.markup(html, images=True) == f'{kept}<img src="https://e.com/a.png" alt="p"></p>'


@pytest.mark.parametrize(
    ("ms", "clock", "timecode"),
    [
        (0, "00:00", "00:00:00.000"),
        (59_999, "00:59", "00:00:59.999"),
        (3_599_000, "59:59", "00:59:59.000"),
        (3_600_001, "1:00:00", "01:00:00.001"),
        (363_723_045, "101:02:03", "101:02:03.045"),
    ],
)
def test_times(ms, clock, timecode):
    """People read minutes, or hours from the first on; files have all places."""
    assert (text.clock(ms), text.timecode(ms)) == (clock, timecode)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://example.org/a?b=1&c=2#d", "https://example.org/a?b=1&c=2#d"),
        (" HTTPS://Example.ORG:8080/É \n", "https://example.org:8080/%C3%89"),
        ("https://münchen.example/%20x y", "https://xn--mnchen-3ya.example/%20x%20y"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("https://user:secret@example.org/", "https://example.org/"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
        ("javascript:alert(1)", ""),
        ("mailto:a@example.org", ""),
        ("https://", ""),
        ("https://exa mple.org/", ""),
        ("http://[bad/", ""),
        ("http://example.org:port/", ""),
        ("/relative", ""),
        ("", ""),
    ],
)
def test_addresses_of_the_web(given, address):
    """They come out in ASCII, without passwords, or not at all."""
    assert text.web(given) == address


@given(ANY, st.sampled_from(["", "https://", "http://a.example/"]))
def test_any_address_is_ascii_or_nothing(given, start):
    """Nothing that is not an address of the web gets through, and a good one stays as it is."""
    address = text.web(start + given)

    assert address.isascii()
    assert not address or address.startswith(("http://", "https://"))
    assert text.web(address) == address
    assert not set(address) & set(' "<>\n\t')


@pytest.mark.parametrize(
    ("given", "cut", "at_word"),
    [
        ("a sea wall", "a sea wall", "a sea wall"),
        ("a sea, walled", "a sea, wa…", "a sea…"),
        ("unwalledseas", "unwalleds…", "unwalleds…"),
    ],
)
def test_a_long_text_ends_with_an_ellipsis(given, cut, at_word):
    """Anywhere, or between two words where there is a space."""
    assert text.truncated(given, 10) == cut
    assert text.truncated_at_word(given, 10, " ,") == at_word
