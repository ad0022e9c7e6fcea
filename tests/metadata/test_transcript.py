# SPDX-License-Identifier: GPL-3.0-or-later
"""Transcripts are judged by webvtt-py, an independent reader of WebVTT and SubRip."""

import html
import io
import json
import re
from itertools import pairwise

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from podcast.errors import FeedError
from podcast.metadata import transcript
from podcast.model import Cue

CUES = (
    Cue(4_500, 6_250, "Une recette ouverte", kind="heading"),
    Cue(
        6_970,
        12_040,
        "« L’open source », dit-elle, n’est pas un cadeau : c’est une façon de travailler à plusieurs.",
        1,
    ),
    Cue(12_320, 14_000, "Tom & Jerry <3 des <b> --> partout", 2, speaker="Anna & Co"),
    Cue(14_000, 15_000, "Oui, 1 < 2.", 3, speaker="Anna & Co"),
    Cue(15_000, 16_000, "Non.", 4, speaker="Zoé"),
)

WORD = st.text(alphabet=st.characters(exclude_categories=["Zs", "Zl", "Zp", "Cc", "Cs", "Cf"]), min_size=1, max_size=30)
TEXT = st.lists(WORD, min_size=1, max_size=60).map(" ".join)


def bare(text: str) -> str:
    """Return the text without any white space: Chinese is cut where no space was."""
    return "".join(text.split())


def vtt_words(content: str) -> list[str]:
    """Return the words of a WebVTT file as its reader finds them."""
    return html.unescape(" ".join(caption.text for caption in webvtt.from_string(content))).split()


def srt_words(content: str) -> list[str]:
    """Return the words of a SubRip file as its reader finds them."""
    return " ".join(caption.text for caption in webvtt.from_buffer(io.StringIO(content), format="srt")).split()


def cues_of(texts: list[str]) -> list[Cue]:
    """Return a cue a text, each long enough, with a pause after it."""
    return [Cue(index * 3_000, index * 3_000 + 2_500, text, index) for index, text in enumerate(texts)]


def test_vtt_is_what_the_standard_writes():
    """Header, note, blank lines, full times, escapes and voice spans are as WebVTT has them."""
    expected = """WEBVTT

NOTE language: fr

00:00:04.500 --> 00:00:06.250
Une recette ouverte

00:00:06.970 --> 00:00:12.040
« L’open source », dit-elle, n’est pas un cadeau : c’est une
façon de travailler à plusieurs.

00:00:12.320 --> 00:00:14.000
<v Anna &amp; Co>Tom &amp; Jerry ‹3 des ‹b› → partout

00:00:14.000 --> 00:00:15.000
<v Anna &amp; Co>Oui, 1 &lt; 2.

00:00:15.000 --> 00:00:16.000
<v Zoé>Non.
"""

    assert expected == transcript.vtt(CUES, language="fr")


def test_srt_is_what_players_read():
    """Cards are numbered from 1, have two short lines, and say who speaks when that changes."""
    expected = """1
00:00:04,500 --> 00:00:06,250
Une recette ouverte

2
00:00:06,970 --> 00:00:10,256
« L’open source », dit-elle,
n’est pas un cadeau : c’est une

3
00:00:10,256 --> 00:00:12,040
façon de travailler à plusieurs.

4
00:00:12,320 --> 00:00:14,000
Anna & Co: Tom & Jerry ‹3 des
‹b› → partout

5
00:00:14,000 --> 00:00:15,000
Oui, 1 < 2.

6
00:00:15,000 --> 00:00:16,000
Zoé: Non.
"""

    assert expected == transcript.srt(CUES)


def test_json_is_what_the_podcast_namespace_says():
    """Version, speaker, times in seconds and body of each cue are there."""
    content = json.loads(transcript.json(CUES))

    assert content["version"] == "1.0.0"
    assert content["segments"][0] == {"startTime": 4.5, "endTime": 6.25, "body": "Une recette ouverte"}
    assert content["segments"][4] == {"speaker": "Zoé", "startTime": 15.0, "endTime": 16.0, "body": "Non."}


def test_all_formats_say_the_same_words():
    """The words are the same in each, arrows and escapes included."""
    spoken = [segment["body"] for segment in json.loads(transcript.json(CUES))["segments"]]
    unnamed = [Cue(cue.start_ms, cue.end_ms, cue.text) for cue in CUES]

    assert " ".join(spoken).split() == vtt_words(transcript.vtt(CUES, language="fr"))
    assert " ".join(spoken).split() == srt_words(transcript.srt(unnamed))


@given(st.lists(TEXT, max_size=5))
def test_any_words_read_back(texts):
    """Whatever words are said, both readers give them back, and every line keeps its limit."""
    cues = cues_of(texts)
    expected = " ".join(cue.text for cue in transcript.cleaned(cues)).split()

    vtt, srt = transcript.vtt(cues, language="en"), transcript.srt(cues)

    assert expected == vtt_words(vtt)
    assert not expected or expected == srt_words(srt)
    assert all(len(line) <= 65 for line in vtt.splitlines())
    assert all(len(line) <= 32 for line in srt.splitlines())


@given(st.lists(st.text(max_size=400), min_size=1, max_size=4), st.text(max_size=40))
def test_any_text_reads_back(texts, speaker):
    """Line ends, arrows, tags, controls or an endless word: nothing is lost and nothing breaks a cue."""
    cues = [Cue(cue.start_ms, cue.end_ms, cue.text, speaker=speaker) for cue in cues_of([*texts, "fin"])]
    expected = [bare(cue.text) for cue in transcript.cleaned(cues)]

    captions = list(webvtt.from_string(transcript.vtt(cues, language="en")))
    cards = list(webvtt.from_buffer(io.StringIO(transcript.srt(cues_of([*texts, "fin"]))), format="srt"))

    assert expected == [bare(html.unescape(caption.text)) for caption in captions]
    assert "".join(expected) == bare("".join(card.text for card in cards))
    assert [segment["body"] for segment in json.loads(transcript.json(cues))["segments"]] == [
        cue.text for cue in transcript.cleaned(cues)
    ]


@given(st.text(min_size=1, max_size=2_000), st.integers(200, 90_000))
def test_cards_fill_the_time_of_their_cue(text, length_ms):
    """The cards of a long cue begin and end with it, in order, without a gap and none without length."""
    content = transcript.srt([Cue(1_000, 1_000 + length_ms, "a " + text)])
    times = [
        [caption.start_time.in_milliseconds(), caption.end_time.in_milliseconds()]
        for caption in webvtt.from_buffer(io.StringIO(content), format="srt")
    ]

    assert times[0][0] == 1_000
    assert times[-1][1] == 1_000 + length_ms
    assert all(start < end for start, end in times)
    assert all(first[1] == second[0] for first, second in pairwise(times))


def test_chinese_is_cut_before_no_punctuation():
    """A text without spaces is cut at the limit, but a line never begins with a closing mark."""
    content = transcript.srt([Cue(0, 9_000, "机器朗读" * 7 + "机器朗、读" * 20)])
    lines = [line for line in content.splitlines() if re.search("[\u4e00-\u9fff]", line)]

    assert all(len(line) <= 32 for line in lines)
    assert not any(line.startswith("、") for line in lines)
    assert len(lines) <= 5


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        ("ab cdef", 4, ["ab", "cdef"]),  # a word that just fills a line has it alone
        ("ab cdefghijkl", 4, ["ab c", "defg", "hijk", "l"]),  # one that no line can hold begins at once
        ("一二三四五。六七八", 5, ["一二三四", "五。六七八"]),
        ("一二三四「五六", 5, ["一二三四", "「五六"]),
        ("eeee\u0301ee", 4, ["eee", "e\u0301ee"]),
    ],
)
def test_lines_end_where_a_reader_expects_it(words, width, lines):
    """Between words, else not before what closes, after what opens, or inside a character."""
    assert transcript._lines(words, width) == lines


@pytest.mark.parametrize(("taken", "first"), [(0, "un deux trois"), (6, "un deux"), (40, "un deux")])
def test_what_a_line_holds_already_leaves_less_room_in_it(taken, first):
    """Of the first line alone, and never less than half of it."""
    lines = transcript._lines("un deux trois quatre cinq", 14, taken=taken)

    assert lines[0] == first
    assert all(len(line) <= 14 for line in lines)
    assert " ".join(lines) == "un deux trois quatre cinq"


def test_an_accent_stays_with_its_letter():
    """A long word is not cut between a letter and its combining accent."""
    lines = transcript._lines("e\u0301" * 40, 32)

    assert not any(line.startswith("\u0301") for line in lines)
    assert "".join(lines) == "e\u0301" * 40


def test_consonants_that_are_joined_stay_together():
    """The virama of scripts of India joins two consonants to one character."""
    lines = transcript._lines("क्ष" * 40, 32)

    assert not any(line.endswith("\u094d") for line in lines)
    assert "".join(lines) == "क्ष" * 40


def test_html_knows_the_direction_and_the_spaces_of_the_language():
    """Arabic runs from right to left; between two Chinese sentences stands nothing."""
    cues = [Cue(0, 10, "你好。"), Cue(10, 20, "再见。")]

    assert '<html lang="ar" dir="rtl">' in transcript.html(cues, language="ar", title="x")
    assert "<p>你好。再见。</p>" in transcript.html(cues, language="zh", title="x")


def test_cues_without_words_are_left_out():
    """A cue of white space or control characters is in no format."""
    cues = [Cue(0, 10, " \u2028\n\x00 "), Cue(10, 20, "mot")]

    assert transcript.vtt(cues, language="fr").count("-->") == 1
    assert transcript.srt(cues).startswith("1\n00:00:00,010 -->")
    assert len(json.loads(transcript.json(cues))["segments"]) == 1


@pytest.mark.parametrize(
    "cues",
    [[Cue(10, 10, "a")], [Cue(20, 10, "a")], [Cue(-1, 10, "a")], [Cue(10, 20, "a"), Cue(9, 30, "b")]],
)
def test_impossible_times_are_refused(cues):
    """A cue without length, before the beginning or before its forerunner is an error that quotes it."""
    with pytest.raises(FeedError, match=r"wrong times for '[ab]'") as caught:
        transcript.json(cues)
    assert "podcast make" in caught.value.hint


def test_too_many_words_for_the_time_are_refused():
    """More cards than milliseconds cannot be shown."""
    with pytest.raises(FeedError, match=r"2 ms are too short for \d+ characters"):
        transcript.srt([Cue(0, 2, "mot " * 100)])
