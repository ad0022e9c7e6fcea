# SPDX-License-Identifier: GPL-3.0-or-later
"""gTTS: the online voices, against a service on loopback that fails in every way the real one does."""

import itertools
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import urllib3
from fakes.google_tts import GoogleTTS

from podcast import voices
from podcast.errors import ConfigError, EngineMissing, PodcastError, SynthesisError
from podcast.model import Speech
from podcast.voices.engines.gtts import Google

FRENCH = voices.find("gtts/fr")
QUICK = {"throttle_s": 0.0, "backoff_s": 0.0, "timeout_s": 5.0}


def say(service: GoogleTTS, text: str = "Bonjour à tous.", **settings: object) -> Speech:
    """Return what the engine says through the service."""
    return Google({"url": service.url, **QUICK, **settings}).speak(text, FRENCH)


def seconds(speech: Speech) -> float:
    """Return how long it is."""
    return len(speech.samples) / speech.rate_hz


def test_a_text_is_asked_for_as_gtts_asks_and_the_sound_is_decoded():
    """One request carries text and language; 24 kHz mono comes back, as long as the service made it."""
    with GoogleTTS() as service:
        speech = say(service, "Où est l’été ?")

    (asked,) = service.asked
    assert (asked.text, asked.language) == ("Où est l’été ?", "fr")
    assert "Mozilla" in asked.agent
    assert speech.rate_hz == 24_000
    assert seconds(speech) == pytest.approx(14 * 0.06, abs=0.1)


@pytest.mark.parametrize("fault", ["429", "429 0", "429 date 0", "500", "503", "reset", "cut", "half", "html", "empty"])
@pytest.mark.parametrize("times", [1, 2])
def test_what_passes_is_tried_again(fault, times):
    """Overload, faults of the server, cut connections and answers that are not whole cost an attempt, not the run."""
    with GoogleTTS([fault] * times) as service:
        speech = say(service)

    assert seconds(speech) > 0.5
    assert len(service.asked) == times + 1


@pytest.mark.parametrize("fault", ["damaged", "text"])
def test_damaged_sound_is_asked_for_again(fault):
    """Sound that cannot be decoded counts as no answer."""
    with GoogleTTS([fault]) as service:
        assert seconds(say(service)) > 0.5
    assert len(service.asked) == 2


def test_escaped_base64_is_understood():
    """JSON may write `/` and `=` as escapes, in the inner of its two layers."""
    with GoogleTTS(["escaped"]) as service:
        escaped, plain = say(service), say(service)

    assert len(service.asked) == 2
    assert np.array_equal(escaped.samples, plain.samples)


def test_a_service_that_hangs_is_given_up_on_after_the_time_limit():
    """No request waits for ever."""
    with GoogleTTS(["hang"]) as service:
        begun = time.monotonic()
        speech = say(service, timeout_s=0.3)

    assert seconds(speech) > 0.5
    assert 0.3 <= time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("429", "limits requests (429)"),
        ("503", "failed (503)"),
        ("reset", "no complete answer from 127.0.0.1 (ConnectionError)"),
        ("cut", "no complete answer from 127.0.0.1 (ProtocolError)"),
        ("html", "contains no audio"),
        ("empty", "contains no audio"),
        ("text", "sent no valid audio"),
    ],
)
def test_attempts_are_bounded_and_the_last_error_is_reported(fault, words):
    """A fault that stays ends the run with its cause and a hint."""
    with GoogleTTS([fault] * 99) as service, pytest.raises(SynthesisError) as caught:
        say(service, attempts=3)

    assert len(service.asked) == 3
    assert words in caught.value.message
    assert caught.value.transient
    assert caught.value.hint


@pytest.mark.parametrize(
    ("fault", "words"),
    [("403", "rejected the request (403)"), ("404", "rejected the request (404)"), ("null", "no audio for this text")],
)
def test_what_does_not_pass_is_not_tried_again(fault, words):
    """A refusal is final: the service is not asked twice."""
    with GoogleTTS([fault] * 99) as service, pytest.raises(SynthesisError) as caught:
        say(service)

    assert len(service.asked) == 1
    assert words in caught.value.message
    assert not caught.value.transient
    assert caught.value.hint


def test_the_service_gets_the_patience_it_asks_for():
    """Retry-After is kept, however short the engine's own pause is."""
    with GoogleTTS(["429 1"]) as service:
        say(service)

    first, second = (asked.at for asked in service.asked)
    assert 1.0 <= second - first < 3


def test_more_patience_than_a_minute_is_not_waited_for():
    """An hour is the person's to wait: the error says how long, at once."""
    with GoogleTTS(["429 3600"] * 9) as service, pytest.raises(SynthesisError, match="try again in 3600 s") as caught:
        say(service)

    assert len(service.asked) == 1
    assert caught.value.retry_after_s == 3600


def test_requests_come_one_at_a_time_with_a_pause_between():
    """Eight threads are one customer to the service."""
    with GoogleTTS() as service:
        google = Google({"url": service.url, "throttle_s": 0.1})
        with ThreadPoolExecutor(8) as pool:
            texts = [f"Phrase numéro {number}." for number in range(5)]
            lengths = list(pool.map(lambda text: seconds(google.speak(text, FRENCH)), texts))

    times = sorted(asked.at for asked in service.asked)
    assert service.most == 1
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.09
    assert all(length > 0.5 for length in lengths)


def test_a_long_text_goes_in_parts_and_nothing_is_lost():
    """Parts end at sentences, keep their punctuation, and together are the text."""
    text = (
        "La marée monte deux fois par jour. Au large, les bateaux attendent que le vent tourne, et les "
        "pêcheurs regardent le ciel ! Demain, peut-être, il fera beau."
    )
    with GoogleTTS() as service:
        speech = say(service, text)

    asked = [one.text for one in service.asked]
    assert asked[0] == "La marée monte deux fois par jour."
    assert " ".join(asked) == text
    assert all(len(part) <= 100 for part in asked)
    assert seconds(speech) == pytest.approx(len(text) * 0.06, abs=0.3)


def test_speed_is_kept_though_the_service_has_one_pace():
    """Twice as quick is half as long, at the same pitch."""
    with GoogleTTS() as service:
        google = Google({"url": service.url, **QUICK})
        text = "Une phrase assez longue pour être mesurée."
        normal = google.speak(text, FRENCH)
        quick = google.speak(text, replace(FRENCH, speed=2.0))

    assert seconds(quick) == pytest.approx(seconds(normal) / 2, rel=0.05)


def test_no_answer_at_all_is_an_error_with_a_hint():
    """A closed port is reported, with the hint that a local voice needs no network."""
    with GoogleTTS() as service:
        url = service.url
    with pytest.raises(SynthesisError, match="no complete answer") as caught:
        Google({"url": url, "throttle_s": 0.0, "backoff_s": 0.0, "attempts": 2}).speak("Bonjour.", FRENCH)

    assert caught.value.transient
    assert "local voice" in caught.value.hint


def test_tls_is_checked(tmp_path, monkeypatch):
    """A service that cannot prove who it is hears nothing; what the environment trusts is trusted."""
    certificate, key = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with GoogleTTS() as service:
        service.server.socket = context.wrap_socket(service.server.socket, server_side=True)
        url = service.url.replace("http:", "https:")
        monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
        monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
        with pytest.raises(SynthesisError, match="certificate of the service is not valid") as caught:
            Google({"url": url, **QUICK}).speak("Bonjour.", FRENCH)
        assert not caught.value.transient
        assert not service.asked

        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        Google({"url": url, **QUICK}).speak("Bonjour.", FRENCH)
        assert len(service.asked) == 1


def _certificate(folder):
    """Return the files of a certificate that nobody has signed, and of its key."""
    import datetime as dt
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    return folder / "certificate.pem", folder / "key.pem"


def test_the_proxy_of_the_environment_is_used(monkeypatch):
    """What HTTP_PROXY names gets the request."""
    with GoogleTTS(["503"] * 9) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(SynthesisError):
            Google({"url": "http://speech.example", **QUICK, "attempts": 1}).speak("Bonjour.", FRENCH)

    assert len(proxy.asked) == 1


EXCEPTIONS = sorted(
    (
        kind
        for kind in vars(urllib3.exceptions).values()
        if isinstance(kind, type) and issubclass(kind, urllib3.exceptions.HTTPError)
    ),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", EXCEPTIONS, ids=lambda kind: kind.__name__)
def test_no_exception_of_the_library_gets_through(kind, monkeypatch):
    """Each of urllib3's own becomes one of ours."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise kind.__new__(kind)  # their constructors take different arguments

    monkeypatch.setattr(urllib3.PoolManager, "request", fail)

    with pytest.raises(PodcastError):
        Google({"url": "http://127.0.0.1:9", **QUICK, "attempts": 1}).speak("Bonjour.", FRENCH)


def test_nothing_is_written_to_the_terminal_while_waiting():
    """Retries are the engine's business. In a process of its own, for pytest has set up logging in this one."""
    program = """if True:
        import sys
        from podcast import voices
        settings = {"url": sys.argv[1], "throttle_s": 0.0, "backoff_s": 0.0}
        voices.engine("gtts", settings).speak("Bonjour.", voices.find("gtts/fr"))
    """
    with GoogleTTS(["500"]) as service:
        done = subprocess.run(
            [sys.executable, "-c", program, service.url], capture_output=True, text=True, timeout=60, check=True
        )

    assert (done.stdout, done.stderr, len(service.asked)) == ("", "", 2)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"uri": "x"}, "engine.gtts.uri: unknown key"),
        ({"url": 5}, "engine.gtts.url: must be text in quotes, not 5"),
        ({"url": "mirror.example"}, "engine.gtts.url: 'mirror.example' is not a valid URL"),
        ({"throttle_s": "1"}, "engine.gtts.throttle_s: must be a number, not '1'"),
        ({"throttle_s": -1}, "engine.gtts.throttle_s: must be a number of at least 0, not -1"),
        ({"attempts": 0}, "engine.gtts.attempts: must be a whole number of at least 1, not 0"),
        ({"timeout_s": True}, "engine.gtts.timeout_s: must be a number, not true"),
    ],
)
def test_a_wrong_setting_is_named(settings, words):
    """The message has the key as it stands in show.toml."""
    with pytest.raises(ConfigError) as caught:
        Google(settings)

    assert caught.value.message.startswith(words)
    assert caught.value.hint


def test_without_gtts_it_says_what_to_install(monkeypatch):
    """Nothing is sent, nothing else breaks."""
    monkeypatch.setitem(sys.modules, "gtts", None)

    with pytest.raises(EngineMissing) as caught:
        Google({}).speak("Bonjour.", FRENCH)

    assert "pip install --force-reinstall gtts" in caught.value.hint


def test_languages_have_their_codes_and_regions():
    """All that gTTS lists is there, with retired codes renewed; Canada has its own French."""
    from gtts.lang import tts_langs

    table = {voice.name: voice for voice in Google({}).voices()}

    assert set(table) == set(tts_langs())
    assert table["fr-CA"].language == "fr-CA"
    assert table["iw"].language == "he"
    assert all(voice.online for voice in table.values())
    assert voices.find("gtts/fr-CA").name == "fr-CA"
    assert voices.find("gtts/he").name == "iw"
