# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices of pages, such as cookie banners and share buttons, are told from sentences of articles."""

import pytest

from podcast.read.boilerplate import is_notice


@pytest.mark.parametrize(
    "text",
    [
        "Si vous n'êtes pas redirigé automatiquement, 👉 cliquez ici 👈",
        "If you are not redirected automatically, click here.",
        "Nous utilisons des cookies pour mesurer l’audience.",
        "Subscribe to our newsletter!",
        "Partager sur Facebook",
        "Suivez-nous sur Mastodon",
        "Écouter l’article (4 min)",
        "L’accès à la totalité de l’article est protégé. Vous êtes abonné ? Connectez-vous",
        "Il vous reste 62.5% de cet article à lire. La suite est réservée aux abonnés.",
        "Article réservé aux abonnés",
        "Déjà abonné ?",
        "Follow us on Mastodon and Bluesky",
        "Story continues below advertisement",
        "This article is for subscribers only.",
        "Already a subscriber? Log in",
        "Subscribe to continue reading",
        "You have 2 free articles left this month.",
        "👉 👈",
        "Accès illimité à tous les articles en ligne",
        "Unlimited online access to all articles",
        "Unbegrenzter Zugriff auf alle Artikel",
        "Sans engagement, résiliable à tout moment",
        "Externer Inhalt",
        "Ce contenu est bloqué car vous n’avez pas accepté les cookies.",
        "En cliquant sur « J’accepte », les cookies seront déposés et vous pourrez visualiser les contenus.",
        "To view this content, you need to accept cookies from this site.",
        "Afficher le contenu",
        "Поделиться в соцсетях",
        "Читайте также: Ветер с моря",
        "この記事をシェアする",
        "分享到微信",
        "责任编辑：王小明",
        "공유하기",
        "اقرأ أيضًا: البحر في الشتاء",
    ],
)
def test_boilerplate_is_recognised(text):
    """Notices are recognised in French, English and more."""
    assert is_notice(text)


@pytest.mark.parametrize(
    "text",
    [
        "Partager une recette, c’est déjà cuisiner ensemble.",
        "Share prices fell again on Tuesday.",
        "Les cookies aux noix se gardent une semaine.",
        "Cliquer n’est pas lire.",
        "Nous sommes redirigés vers nous-mêmes.",
        "Read the letter twice.",
        "Écouter l’autre n’est pas l’approuver.",
        "Cet article est une réponse à une lettre d’Élise.",
        "This article is about how subscribers read.",
        "You have no free will, he said.",
        "Accès illimité à la mer",
        "Unlimited access to the sea was their only wealth.",
        "Ce contenu est bloqué dans le détroit depuis mardi. Le navire attend.",
        "En cliquant sur un nom, on voit la maison où il est né.",
        "Follow us, they cried.",
        "Поделиться хлебом с соседом было для него законом.",
        "分享一个故事给大家听。",
        "記事をシェアすると、友だちが読む。",
    ],
)
def test_ordinary_sentences_are_no_boilerplate(text):
    """Words that notices use may stand in articles too."""
    assert not is_notice(text)
