# SPDX-License-Identifier: GPL-3.0-or-later
"""The few words that the program itself puts into feed and pages, by language.

Above all the sentence that says that a machine speaks: Apple asks for it in the sound and in the metadata, and
the podcast namespace has a tag for it (`podcast:txt purpose="ai-content"`).
"""

from typing import NamedTuple


class Words(NamedTuple):
    """What is said in one language."""

    language: str
    narrated: str
    """The disclosure, a sentence."""
    voice: str
    """Stands behind the name of a narrator."""
    text: str
    """Before the author of the article, with its colon."""
    source: str
    """Before the address of the article."""
    links: str
    """Before the article's references."""
    feed: str
    """What to do with the address of the feed, for people who meet it in a browser."""


WORDS = {
    "en": Words(
        language="en",
        narrated="This episode is narrated by a synthetic voice (AI).",
        voice="synthetic voice",
        text="Written by",
        source="Source:",
        links="Links:",
        feed="This is the feed of a podcast. To subscribe, copy this address into a podcast app:",
    ),
    "fr": Words(
        language="fr",
        narrated="Cet épisode est lu par une voix de synthèse (IA).",
        voice="voix de synthèse",
        text="Texte\u00a0:",
        source="Source\u00a0:",
        links="Liens\u00a0:",
        feed="Voici le flux d'un podcast. Pour vous abonner, copiez cette adresse dans une application d'écoute\u00a0:",
    ),
    "es": Words(
        language="es",
        narrated="Este episodio está narrado por una voz sintética (IA).",
        voice="voz sintética",
        text="Texto:",
        source="Fuente:",
        links="Enlaces:",
        feed="Este es el canal de un pódcast. Para suscribirse, copie esta dirección en una aplicación de pódcast:",
    ),
    "it": Words(
        language="it",
        narrated="Questo episodio è letto da una voce sintetica (IA).",
        voice="voce sintetica",
        text="Testo:",
        source="Fonte:",
        links="Link:",
        feed="Questo è il feed di un podcast. Per abbonarsi, copiare questo indirizzo in un'app di podcast:",
    ),
    "pt": Words(
        language="pt",
        narrated="Este episódio é narrado por uma voz sintética (IA).",
        voice="voz sintética",
        text="Texto:",
        source="Fonte:",
        links="Links:",
        feed="Este é o feed de um podcast. Para assinar, copie este endereço para um aplicativo de podcasts:",
    ),
    "de": Words(
        language="de",
        narrated="Diese Folge wird von einer synthetischen Stimme (KI) gelesen.",
        voice="synthetische Stimme",
        text="Text:",
        source="Quelle:",
        links="Links:",
        feed="Das ist der Feed eines Podcasts. Zum Abonnieren diese Adresse in eine Podcast-App kopieren:",
    ),
}
"""By the first part of a BCP 47 tag."""


def words(language: str) -> Words:
    """Return the words of a language, English for one that has none here."""
    return WORDS.get(language.split("-", maxsplit=1)[0].lower(), WORDS["en"])


def narrator(voice: str, language: str) -> str:
    """Return the name of a narrator, such as `kokoro ff_siwis (voix de synthèse)`, from a voice's reference."""
    return f"{voice.replace('/', ' ')} ({words(language).voice})"
