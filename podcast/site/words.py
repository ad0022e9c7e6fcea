# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages say of themselves, by language: labels, dates and lengths.

The system's locale is never asked, so the same show gives the same pages on every machine. A language that has no words
here gets English ones; `PageWords.language` says which it became.
"""

import datetime as dt
from typing import NamedTuple


class PageWords(NamedTuple):
    """The interface in one language."""

    language: str
    skip: str
    """Link to the main part, for those who do not use a mouse."""
    episodes: str
    subscribe: str
    address: str
    """Stands before the address of the feed, with its colon."""
    apps: str
    """Names the list of apps that can be opened with the feed."""
    file: str
    """Names the file that every app can import."""
    season: str
    episode: str
    trailer: str
    bonus: str
    start: str
    """Before the first episode of a serial show, with its colon."""
    years: str
    """Names the links to the episodes of each year."""
    support: str
    """Link to where listeners can pay, if the show has no words of its own for it."""
    text: str
    """Before the author of the article, with its colon if it takes one."""
    source: str
    """Before the address of the article, likewise."""
    listen: str
    """Names the player: the title follows."""
    player: str
    speed: str
    back: str
    forward: str
    position: str
    """Names the bar to seek by."""
    start_here: str
    """Before a time."""
    failed: str
    share: str
    """Copies the link that leads to where one is."""
    shared: str
    """Said once that is done."""
    chapters: str
    transcript: str
    notes: str
    links: str
    files: str
    keys: str
    """What the keyboard does."""
    previous: str
    next: str
    newer: str
    older: str
    point: str
    """Between units and tenths."""
    date: str
    """Pattern with day, month and year."""
    months: str


WORDS = {
    words.language: words
    for words in (
        PageWords(
            language="en",
            skip="Skip to content",
            episodes="Episodes",
            subscribe="Subscribe",
            address="Feed URL for your podcast app:",
            apps="Open in an app",
            file="OPML file for other apps",
            season="Season",
            episode="Episode",
            trailer="Trailer",
            bonus="Bonus",
            start="Start with the first episode:",
            years="Episodes by year",
            support="Support the show",
            text="Written by",
            source="Source:",
            listen="Listen:",
            player="Player",
            speed="Speed",
            back="Back 10 seconds",
            forward="Forward 10 seconds",
            position="Position in the episode",
            start_here="Listen from",
            failed="The audio could not be loaded. Try downloading it:",
            share="Copy link to this moment",
            shared="Link copied",
            chapters="Chapters",
            transcript="Transcript",
            notes="Show notes",
            links="Links",
            files="Downloads",
            keys="Keyboard: space or K to play or pause, J and L to skip back or forward 10 seconds, "
            "← and → 5 seconds.",
            previous="Previous episode",
            next="Next episode",
            newer="Newer episodes",
            older="Older episodes",
            point=".",
            date="{day} {month} {year}",
            months="January February March April May June July August September October November December",
        ),
        PageWords(
            language="fr",
            skip="Aller au contenu",
            episodes="Épisodes",
            subscribe="S’abonner",
            address="Adresse pour votre application de podcasts\u00a0:",
            apps="Ouvrir dans une application",
            file="Fichier pour toute application (OPML)",
            season="Saison",
            episode="Épisode",
            trailer="Bande-annonce",
            bonus="Bonus",
            start="Commencer par le début\u00a0:",
            years="Épisodes par année",
            support="Soutenir le podcast",
            text="Texte\u00a0:",
            source="Source\u00a0:",
            listen="Écouter\u00a0:",
            player="Lecteur",
            speed="Vitesse",
            back="Reculer de 10 secondes",
            forward="Avancer de 10 secondes",
            position="Position dans l’épisode",
            start_here="Écouter à partir de",
            failed="Le son n’a pas pu être chargé. Essayez de le télécharger\u00a0:",
            share="Copier le lien vers ce moment",
            shared="Lien copié",
            chapters="Chapitres",
            transcript="Transcription",
            notes="Notes",
            links="Liens",
            files="Fichiers",
            keys="Clavier\u00a0: espace ou K pour écouter ou mettre en pause, J et L pour reculer ou avancer "
            "de 10 secondes, ← et → de 5 secondes.",
            previous="Épisode précédent",
            next="Épisode suivant",
            newer="Épisodes plus récents",
            older="Épisodes plus anciens",
            point=",",
            date="{day} {month} {year}",
            months="janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        ),
        PageWords(
            language="es",
            skip="Ir al contenido",
            episodes="Episodios",
            subscribe="Suscribirse",
            address="Dirección para tu aplicación de pódcast:",
            apps="Abrir en una aplicación",
            file="Archivo para cualquier aplicación (OPML)",
            season="Temporada",
            episode="Episodio",
            trailer="Tráiler",
            bonus="Extra",
            start="Empezar por el principio:",
            years="Episodios por año",
            support="Apoyar el pódcast",
            text="Texto:",
            source="Fuente:",
            listen="Escuchar:",
            player="Reproductor",
            speed="Velocidad",
            back="Retroceder 10 segundos",
            forward="Avanzar 10 segundos",
            position="Posición en el episodio",
            start_here="Escuchar desde",
            failed="No se pudo cargar el sonido. Intenta descargarlo:",
            share="Copiar enlace a este momento",
            shared="Enlace copiado",
            chapters="Capítulos",
            transcript="Transcripción",
            notes="Notas",
            links="Enlaces",
            files="Archivos",
            keys="Teclado: espacio o K para reproducir o pausar, "
            "J y L para retroceder o avanzar 10 segundos, ← y → 5 segundos.",
            previous="Episodio anterior",
            next="Episodio siguiente",
            newer="Episodios más recientes",
            older="Episodios anteriores",
            point=",",
            date="{day} de {month} de {year}",
            months="enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        ),
        PageWords(
            language="it",
            skip="Vai al contenuto",
            episodes="Episodi",
            subscribe="Iscriviti",
            address="Indirizzo per la tua app di podcast:",
            apps="Apri in un’app",
            file="File per qualsiasi app (OPML)",
            season="Stagione",
            episode="Episodio",
            trailer="Trailer",
            bonus="Bonus",
            start="Comincia dall’inizio:",
            years="Episodi per anno",
            support="Sostieni il podcast",
            text="Testo:",
            source="Fonte:",
            listen="Ascolta:",
            player="Lettore",
            speed="Velocità",
            back="Indietro di 10 secondi",
            forward="Avanti di 10 secondi",
            position="Posizione nell’episodio",
            start_here="Ascolta da",
            failed="Non è stato possibile caricare l’audio. Prova a scaricarlo:",
            share="Copia il link a questo momento",
            shared="Link copiato",
            chapters="Capitoli",
            transcript="Trascrizione",
            notes="Note",
            links="Link",
            files="File",
            keys="Tastiera: spazio o K per riprodurre o mettere in pausa, J e L per tornare indietro o avanzare "
            "di 10 secondi, ← e → di 5 secondi.",
            previous="Episodio precedente",
            next="Episodio successivo",
            newer="Episodi più recenti",
            older="Episodi meno recenti",
            point=",",
            date="{day} {month} {year}",
            months="gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        ),
        PageWords(
            language="pt",
            skip="Ir para o conteúdo",
            episodes="Episódios",
            subscribe="Assinar",
            address="Endereço para o seu aplicativo de podcasts:",
            apps="Abrir em um aplicativo",
            file="Arquivo para qualquer aplicativo (OPML)",
            season="Temporada",
            episode="Episódio",
            trailer="Trailer",
            bonus="Bônus",
            start="Começar pelo início:",
            years="Episódios por ano",
            support="Apoiar o podcast",
            text="Texto:",
            source="Fonte:",
            listen="Ouvir:",
            player="Reprodutor",
            speed="Velocidade",
            back="Voltar 10 segundos",
            forward="Avançar 10 segundos",
            position="Posição no episódio",
            start_here="Ouvir a partir de",
            failed="Não foi possível carregar o áudio. Tente baixá-lo:",
            share="Copiar link para este momento",
            shared="Link copiado",
            chapters="Capítulos",
            transcript="Transcrição",
            notes="Notas",
            links="Links",
            files="Arquivos",
            keys="Teclado: espaço ou K para reproduzir ou pausar, "
            "J e L para voltar ou avançar 10 segundos, ← e → 5 segundos.",
            previous="Episódio anterior",
            next="Episódio seguinte",
            newer="Episódios mais recentes",
            older="Episódios mais antigos",
            point=",",
            date="{day} de {month} de {year}",
            months="janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        ),
        PageWords(
            language="de",
            skip="Zum Inhalt",
            episodes="Folgen",
            subscribe="Abonnieren",
            address="Adresse für deine Podcast-App:",
            apps="In einer App öffnen",
            file="Datei für jede App (OPML)",
            season="Staffel",
            episode="Folge",
            trailer="Trailer",
            bonus="Bonus",
            start="Von Anfang an hören:",
            years="Folgen nach Jahr",
            support="Podcast unterstützen",
            text="Text:",
            source="Quelle:",
            listen="Anhören:",
            player="Player",
            speed="Tempo",
            back="10 Sekunden zurück",
            forward="10 Sekunden vor",
            position="Stelle in der Folge",
            start_here="Anhören ab",
            failed="Der Ton konnte nicht geladen werden. Zum Herunterladen:",
            share="Link zu dieser Stelle kopieren",
            shared="Link kopiert",
            chapters="Kapitel",
            transcript="Transkript",
            notes="Shownotes",
            links="Links",
            files="Dateien",
            keys="Tastatur: Leertaste oder K für Wiedergabe und Pause, mit J und L 10 Sekunden zurück und vor, "
            "mit ← und → 5 Sekunden.",
            previous="Vorherige Folge",
            next="Nächste Folge",
            newer="Neuere Folgen",
            older="Ältere Folgen",
            point=",",
            date="{day}. {month} {year}",
            months="Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        ),
    )
}
"""By the first part of a BCP 47 tag."""


def words(language: str) -> PageWords:
    """Return the words of a language, English for one that has none here."""
    return WORDS.get(language.split("-", maxsplit=1)[0].lower(), WORDS["en"])


FIRST_DAY = {"fr": "1er", "it": "1º", "pt": "1º"}
"""Languages in which the first of a month is an ordinal."""


def date(day: dt.datetime, own: PageWords) -> str:
    """Return the date as people write it, in its own time zone."""
    number = FIRST_DAY.get(own.language, "1") if day.day == 1 else str(day.day)
    return own.date.format(day=number, month=own.months.split()[day.month - 1], year=day.year).replace(" ", "\u00a0")


def length(ms: int) -> str:
    """Return a length such as `1 h 5 min`, `12 min` or `45 s`: the symbols are those of all our languages."""
    seconds = max(1, round(ms / 1000))
    if seconds < 60:
        return f"{seconds}\u00a0s"
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [f"{hours}\u00a0h"] * bool(hours) + [f"{minutes}\u00a0min"] * bool(minutes)
    return "\u00a0".join(parts)
