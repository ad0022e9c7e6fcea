# SPDX-License-Identifier: GPL-3.0-or-later
"""Machine-readable metadata of pages: schema.org (JSON-LD) and absolute URLs for social previews.

Absolute URLs start with the show's URL; all other links on the pages are relative. The template escapes the values
(`tojson` for JSON-LD, which makes `</script>` harmless).
"""

from collections.abc import Mapping
from urllib.parse import quote

from podcast import text
from podcast.config.settings import Show
from podcast.model import Art, Published

CONTEXT = "https://schema.org"


def absolute(show: Show, name: str) -> str:
    """Return the public URL of a file of the feed folder."""
    return name if "://" in name else show.url + quote(name)


def series(show: Show, art: Art) -> Mapping[str, object]:
    """Return the show as a PodcastSeries."""
    author = text.line(show.author)
    return (
        {"@context": CONTEXT}
        | _series(show)
        | {
            "description": text.line(show.description),
            "inLanguage": show.language,
            "image": absolute(show, art.cover),
            **({"author": {"@type": "Organization", "name": author}} if author else {}),
        }
    )


def episode(show: Show, one: Published, art: Art) -> Mapping[str, object]:
    """Return an episode as a PodcastEpisode with its audio file."""
    about, sound = one.episode, one.episode.enclosure
    length = {"duration": f"PT{max(1, round(sound.duration_ms / 1000))}S"} if sound.duration_ms else {}  # ISO 8601
    source, author, summary = text.web(about.source), text.line(about.author), text.line(about.summary)
    return {
        "@context": CONTEXT,
        "@type": "PodcastEpisode",
        "name": text.line(about.title),
        "url": absolute(show, one.page),
        **({"description": summary} if summary else {}),
        "datePublished": about.published.isoformat(),
        "inLanguage": about.language,
        **length,
        "image": absolute(show, art.cover),
        "associatedMedia": {
            "@type": "AudioObject",
            "contentUrl": absolute(show, one.audio),
            "encodingFormat": sound.type,
            **({"contentSize": str(sound.bytes)} if sound.bytes else {}),
            **length,
        },
        "partOfSeries": _series(show),
        **({"episodeNumber": about.number} if about.number is not None else {}),
        **({"partOfSeason": _season(about.season)} if about.season is not None else {}),
        **({"isBasedOn": source} if source else {}),
        **({"author": {"@type": "Person", "name": author}} if author else {}),
    }


def _season(number: int) -> dict[str, object]:
    return {"@type": "PodcastSeason", "seasonNumber": number}


def _series(show: Show) -> dict[str, object]:
    return {"@type": "PodcastSeries", "name": text.line(show.title), "url": show.url, "webFeed": show.feed_url}
