# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for the podcast namespace (https://podcastindex.org/namespace/1.0), and for the names of Apple's elements.

TAGS has the required attributes of each element, the validators of its attributes, and the validator of its text.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from posixpath import splitext
from typing import Any

from podcast.check import values
from podcast.check.document import ITUNES, PODCAST, text_of
from podcast.check.findings import Finding
from podcast.check.location import Spot

Form = Callable[[str], str]
"""Validator: value -> the rule that it breaks, or an empty string."""


def _one_of(*allowed: str) -> Form:
    return lambda text: "" if text in allowed else "value-choice"


def _https(text: str) -> str:
    return values.address(text)


def _not_http(text: str) -> str:
    """Accept any scheme (IPFS, BitTorrent) except plain HTTP."""
    return "address-https" if text.lower().startswith("http:") else ""


def _number(text: str) -> str:
    return "" if values.seconds(text) is not None else "value-number"


def _whole(text: str) -> str:
    return "" if re.fullmatch(r"\d{1,12}", text) else "value-number"


def _date(text: str) -> str:
    return values.date(text)[1]


def _uuid(text: str) -> str:
    return "" if values.is_uuid(text) else "value-uuid"


def _text_up_to(limit: int) -> Form:
    def form(text: str) -> str:
        if not text.strip():
            return "value-missing"
        return "" if len(text.strip()) <= limit else "value-long"

    return form


def _mime(text: str) -> str:
    return "" if re.fullmatch(r"[a-z]+/[a-z0-9.+-]+(?:;.*)?", text) else "value-choice"


@dataclass(frozen=True, slots=True)
class Tag:
    """The rules for an element."""

    needs: tuple[str, ...] = ()
    forms: dict[str, Form] = field(default_factory=dict)
    text: Form | None = None


_YES, _TRUE = _one_of("yes", "no"), _one_of("true", "false")
MEDIA = ["podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course", "mixed"]
MEDIUM = _one_of(*MEDIA, *(f"{medium}L" for medium in MEDIA))
TRANSCRIPT_TYPES = (
    "text/vtt",
    "application/x-subrip",
    "application/srt",
    "application/json",
    "text/html",
    "text/plain",
)
EXTENSIONS = {
    ".vtt": "text/vtt",
    ".srt": "application/srt",
    ".json": "application/json",
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
}
"""File extension -> media type of transcripts."""
TAGS: dict[str, Tag] = {
    "transcript": Tag(("url", "type"), {"url": _https, "rel": _one_of("captions")}),
    "locked": Tag(text=_YES),
    "funding": Tag(("url",), {"url": _https}, _text_up_to(128)),
    "chapters": Tag(("url", "type"), {"url": _https}),
    "soundbite": Tag(("startTime", "duration"), {"startTime": _number, "duration": _number}),
    "person": Tag((), {"href": _https, "img": _https}, _text_up_to(128)),
    "location": Tag(text=_text_up_to(128)),
    "season": Tag((), {"name": _text_up_to(128)}, lambda text: "" if values.whole(text) else "value-number"),
    "episode": Tag((), {"display": _text_up_to(32)}, _number),
    "trailer": Tag(
        ("url", "pubdate"), {"url": _https, "pubdate": _date, "length": _whole, "type": _mime}, _text_up_to(128)
    ),
    "license": Tag((), {"url": _https}, _text_up_to(128)),
    "alternateEnclosure": Tag(
        ("type",), {"type": _mime, "length": _whole, "bitrate": _number, "height": _whole, "default": _TRUE}
    ),
    "source": Tag(("uri",), {"uri": _not_http, "contentType": _mime}),
    "integrity": Tag(("type", "value"), {"type": _one_of("sri", "pgp-signature")}),
    "guid": Tag(),
    "value": Tag(("type", "method")),
    "valueRecipient": Tag(("type", "address", "split"), {"split": _whole}),
    "valueTimeSplit": Tag(("startTime", "duration"), {"startTime": _number, "duration": _number}),
    "medium": Tag(text=MEDIUM),
    "images": Tag(("srcset",)),
    "image": Tag(("href",), {"href": _https, "width": _whole, "height": _whole}),
    "liveItem": Tag(("status", "start"), {"status": _one_of("pending", "live", "ended")}),
    "contentLink": Tag(("href",), {"href": _https}),
    "socialInteract": Tag(("protocol",)),
    "block": Tag(text=_YES),
    "txt": Tag((), {"purpose": _text_up_to(128)}, _text_up_to(4000)),
    "remoteItem": Tag(("feedGuid",), {"feedGuid": _uuid, "medium": MEDIUM}),
    "podroll": Tag(),
    "updateFrequency": Tag((), {"complete": _TRUE}, _text_up_to(128)),
    "podping": Tag(("usesPodping",), {"usesPodping": _TRUE}),
    "publisher": Tag(),
    "chat": Tag(("server", "protocol")),
    "follow": Tag(("url",), {"url": _https}),
    "metaBoost": Tag(),
}
GROUPS = frozenset(
    (
        *("creative direction", "cast", "writing", "audio production", "audio post-production", "administration"),
        *("visuals", "community", "misc.", "video production", "video post-production"),
    )
)
ROLES = frozenset(
    (
        *("director", "assistant director", "executive producer", "senior producer", "producer", "associate producer"),
        *(
            "development producer",
            "creative director",
            "host",
            "co-host",
            "guest host",
            "guest",
            "voice actor",
            "narrator",
        ),
        *("announcer", "reporter", "author", "editorial director", "co-writer", "writer", "songwriter", "guest writer"),
        *(
            "story editor",
            "managing editor",
            "script editor",
            "script coordinator",
            "researcher",
            "editor",
            "fact checker",
        ),
        *("translator", "transcriber", "logger", "studio coordinator", "technical director", "technical manager"),
        *("audio engineer", "remote recording engineer", "post production engineer", "audio editor", "sound designer"),
        *("foley artist", "composer", "theme music", "music production", "music contributor", "production coordinator"),
        *(
            "booking coordinator",
            "production assistant",
            "content manager",
            "marketing manager",
            "sales representative",
        ),
        *("sales manager", "graphic designer", "cover art designer", "social media manager", "consultant", "intern"),
        *("camera operator", "lighting designer", "camera grip", "assistant camera", "assistant editor", "volunteer"),
    )
)
"""Roles of the Podcast Taxonomy 1.0, in lower case."""


APPLE_TAGS = frozenset(
    (
        *("applepodcastsverify", "author", "block", "category", "complete", "duration", "email", "episode"),
        *("episodeType", "explicit", "image", "isClosedCaptioned", "keywords", "name", "new-feed-url", "order"),
        *("owner", "season", "subtitle", "summary", "title", "type"),
    )
)
"""Elements of Apple's namespace, including obsolete ones."""


def check(spot: Spot, *, duration: float | None = None) -> Iterator[Finding]:
    """Yield the findings on elements of both namespaces in a channel or item; `duration` is in seconds."""
    for element in spot.element.iter(f"{{{ITUNES}}}*"):
        name = element.tag.rpartition("}")[2]
        if name not in APPLE_TAGS and _owner(element) is spot.element:
            yield spot.wrong("ns-unknown-tag", element, f"itunes:{name}")
    for element in spot.element.iter(f"{{{PODCAST}}}*"):
        if element.getparent() is not spot.element and _owner(element) is not spot.element:
            continue
        name = element.tag.rpartition("}")[2]
        if name not in TAGS:
            yield spot.wrong("ns-unknown-tag", element, f"podcast:{name}")
            continue
        yield from _check_tag(spot, element, TAGS[name])
        if name in EXTRA_CHECKS:
            yield from EXTRA_CHECKS[name](spot, element, duration)


def _owner(element: Any) -> Any:
    """Return the channel or item that an element belongs to."""
    return next((outer for outer in element.iterancestors() if outer.tag in {"channel", "item"}), None)


def _check_tag(spot: Spot, element: Any, tag: Tag) -> Iterator[Finding]:
    for name in tag.needs:
        if not element.get(name):
            yield spot.wrong("value-missing", element, f"attribute {name}")
    for name, form in tag.forms.items():
        value = element.get(name)
        if value and (rule := form(value)):
            yield spot.wrong(rule, element, f'{name}="{value}"')
    if tag.text is not None and (rule := tag.text(text_of(element).strip())):
        yield spot.wrong(rule, element, text_of(element) or "empty")


def _transcript(spot: Spot, element: Any, _duration: float | None) -> Iterator[Finding]:
    kind, url = str(element.get("type") or ""), str(element.get("url") or "")
    meant = EXTENSIONS.get(splitext(url.partition("?")[0].lower())[1])
    if kind and kind not in TRANSCRIPT_TYPES:
        yield spot.wrong("transcript-type", element, kind)
    elif kind and meant and kind.replace("x-subrip", "srt") != meant:  # a URL of a host may have no extension
        yield spot.wrong("transcript-extension", element, f"{kind}: {url}")
    if element.get("language") and not values.language(str(element.get("language"))):
        yield spot.wrong("value-choice", element, f'language="{element.get("language")}"')


def _chapters(spot: Spot, element: Any, _duration: float | None) -> Iterator[Finding]:
    if element.get("type") and element.get("type") != "application/json+chapters":
        yield spot.wrong("chapters-type", element, str(element.get("type")))


def _soundbite(spot: Spot, element: Any, duration: float | None) -> Iterator[Finding]:
    start, length = (values.seconds(str(element.get(name) or "")) for name in ("startTime", "duration"))
    if start is None or length is None:
        return
    if duration and start + length > duration + 1:
        yield spot.wrong(
            "soundbite-outside", element, f"{start:g} to {start + length:g} s; the audio ends at {duration:g} s"
        )
    if not 15 <= length <= 120:
        yield spot.wrong("soundbite-length", element, f"{length:g} s")


def _person(spot: Spot, element: Any, _duration: float | None) -> Iterator[Finding]:
    for name, known in (("role", ROLES), ("group", GROUPS)):
        value = element.get(name)
        if value is not None and value.lower() not in known:
            yield spot.wrong("person-role", element, f'{name}="{value}"')


def _license(spot: Spot, element: Any, _duration: float | None) -> Iterator[Finding]:
    text = text_of(element).strip()
    if not element.get("url") and not re.fullmatch(r"[a-z0-9][a-z0-9.+-]{1,60}", text):
        yield spot.wrong("license-form", element, text)


def _alternate(spot: Spot, element: Any, _duration: float | None) -> Iterator[Finding]:
    if element.find(f"{{{PODCAST}}}source") is None:
        yield spot.wrong("alternate-source", element)


def _integrity(spot: Spot, element: Any, _duration: float | None) -> Iterator[Finding]:
    value = str(element.get("value") or "")
    if element.get("type") == "sri" and value and digest(value) is None:
        yield spot.wrong("alternate-integrity", element, value)


def digest(sri: str) -> tuple[str, bytes] | None:
    """Parse an integrity value (https://www.w3.org/TR/SRI/) into algorithm and digest; None if it is not valid."""
    sizes = {"sha256": 32, "sha384": 48, "sha512": 64}
    algorithm, _, encoded = sri.partition("-")
    try:
        found = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return (algorithm, found) if sizes.get(algorithm) == len(found) else None


def _frequency(spot: Spot, element: Any, _duration: float | None) -> Iterator[Finding]:
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped, unused-ignore]

    if rule := str(element.get("rrule") or ""):
        if "COUNT" in rule and not element.get("dtstart"):
            yield spot.wrong("rule-form", element, f"{rule}: COUNT requires the attribute dtstart")
        try:
            rrulestr(rule)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            yield spot.wrong("rule-form", element, f"{rule}: {error}")


def _txt(spot: Spot, element: Any, _duration: float | None) -> Iterator[Finding]:
    if element.get("purpose") == "ai-content" and text_of(element).strip() not in {"true", "false"}:
        yield spot.wrong("ai-value", element, text_of(element))


EXTRA_CHECKS: dict[str, Callable[[Spot, Any, float | None], Iterator[Finding]]] = {
    "transcript": _transcript,
    "chapters": _chapters,
    "soundbite": _soundbite,
    "person": _person,
    "license": _license,
    "alternateEnclosure": _alternate,
    "integrity": _integrity,
    "updateFrequency": _frequency,
    "txt": _txt,
}
"""Element -> function with further checks."""
