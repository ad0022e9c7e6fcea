# SPDX-License-Identifier: GPL-3.0-or-later
"""What every reader needs: white space, page furniture, links, titles, dates and languages."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from podcast.model import Block, Link
from podcast.text import web

URL = re.compile(r"https?://[^\s<>\"'“”«»]+[^\s<>\"'“”«».,;:!?)\]}…]")
GARBLED = re.compile(r"[ÂÃâÅÐÑØÙ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""How the bytes of a letter in UTF-8 look where they were taken for letters of their own."""
CREDIT = re.compile(
    r"(?i)[\s(–—|/-]*(?:©|\bAP\ photo/"
    r"|\b(?:photo(?:s|graph|graphe|graphie)?|cr[ée]dits?(?: photos?)?|image|illustration)"
    r"\s?(?::|by\b|©|\.\.\.)"
    r"|\b(?:fotos?|fot\.|fotograf(?:in|ía|ia)?|(?:titel|symbol|archiv|beitrags)?(?:bild|foto)(?:er|quelle|nachweis)?"
    r"|im[áa]gen(?:es)?|imagem|immagine|kuva|quelle|fuente|fonte|źródło|bron)\s?[:©]).{0,120}$"
)
NAMELESS = re.compile(
    r"(?i)\W*|(?:an? |une? )?(?:image|img|photo|picture|illustration|ornament|icon|logo|null|undefined|untitled)"
    r"[\s\d_-]*|(?:jpe?g|png|gif|pdf|svg|webp)\s?[-–]\s?[\d.,]+\s?[kmg]?i?[ob]|\S+\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?)|(?:img|dsc|image)[\d_-]+"
)
AGENCY = re.compile(
    r"(?:^|(?<=[.!?»”)…])\s+|\s*\()(?:(?:[A-ZÀ-Ý][\w.’'-]*\s){1,4}/\s?[A-ZÀ-Ý][\w .&-]{1,40}"
    r"|(?:[A-ZÀ-Ý][A-ZÀ-Ý.’'-]+\s?){2,5})\)?\.?$"
)
"""Who took a picture."""
BROKEN = "\u2028"
"""Marks a break of lines in a text whose other white space counts for nothing."""
ENDED = re.compile(r"(?<=[.!?…:»”])")
"""After a sentence."""
SAID = re.compile(r"[–—•▪►✓-]\s")
"""Before what is said in a dialogue, or a point of a list."""
CHAPTER = re.compile(
    r"(?i:chapter|chapitre|book|livre|part|partie|kapitel|teil|cap[íi]tulo|capitolo|parte|acte?|sc[èe]ne|letter|lettre)"
    r"\ (?:[IVXLC]+|\d{1,3}|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|the\ first|the\ second"
    r"|un|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|premi[èe]re?|second[ea]?|eins|zwei|drei|primero|primo))"
    r"(?:[.:]?|[.:\ –—]{1,3}(?=[^\W_a-z])[^.!?]{1,60}[.!?]?)"
)
"""A line that begins a part of a book: `CHAPTER I.`, `Chapitre 2 : Le vent`."""
LIGATURES = {ord(c): unicodedata.normalize("NFKC", c) for c in "ﬀﬁﬂﬃﬄﬅﬆ"}
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060"))
"""Where a word may be broken, or not."""
HOME = ("en", "fr")
"""Languages of a few words that nothing else is known of."""


class _Without(dict[int, int | None]):
    """A table for str.translate: drops characters of some categories. Each character is looked up once."""

    def __init__(self, categories: set[str], known: dict[int, int | None]) -> None:
        super().__init__(known)
        self.categories = categories

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.category(chr(code)) in self.categories else code
        return self[code]


CONTROLS = _Without({"Cc", "Cs", "Cn"}, {9: 9, 10: 10, 13: 13, 0xFEFF: None})
SIGNS = _Without({"So", "Sk", "Cf", "Mn"}, {})
LIKELY = frozenset({"fr", "en", "es", "it", "pt", "de", "nl"})
SURE = 400
"""Characters in which a language cannot be mistaken."""
SHORT = 120
"""A text of fewer characters in Latin letters is taken to be in a likely language."""
NEAR = 6.0
"""By how much, in log-likelihood, another language may be ahead of one at home, and it is still taken for chance."""

TITLE_LENGTH = 80
"""A title made from a sentence is cut here, in characters."""

NOTICES = re.compile(
    r"""(?ix) ^\W*(?:
      # French
        si\ vous\ n.?[êe]tes\ pas\ redirig.{1,80}
      | vous\ allez\ [êe]tre\ redirig.{1,80}
      | cliquez\ ici(?:\ (?:pour|si|afin|et)\b.{0,60})?
      | partages?
      | suivez\ toute\ l.actualit[ée]\b.{0,160}
      | (?:partager|partagez)(?:\ (?:sur|cet\ article|l.article|via|par)\b.{0,80})?
      | (?:lire|voir|à\ lire)\ aussi\b.{0,120}
      | (?:recevez|recevoir)\ (?:notre|la|nos)\ (?:newsletter|infolettre|lettre)\b.{0,120}
      | (?:to\ view\ this\ video|(?:please\ )?enable\ javascript|(?:veuillez\ )?active[rz]\ javascript)\b.{0,120}
      | voir\ cette\ publication\ sur\ instagram | view\ this\ post\ on\ instagram
      | (?:abonnez|inscrivez)-vous\ (?:à|a)\ (?:notre|la)\ (?:newsletter|lettre|infolettre).{0,120}
      | l.espace\ des\ (?:contributions|commentaires)\ est\ r[ée]serv[ée].{0,120}
      | (?:(?:copyright\W+)?\d{4}.{0,60})?tous\ droits\ r[ée]serv[ée]s.{0,80}
      | (?:retour\ |revenir\ )?en\ haut(?:\ de\ (?:la\ )?page)? | haut\ de\ (?:la\ )?page
      | suivez-nous\ sur\b.{0,80}
      | (?:[ée]couter|offrir|sauvegarder|imprimer|commenter)\ (?:l.|cet\ )article\b.{0,40}
      | (?:au\ )?sommaire | table\ des\ mati[èe]res | dans\ cet\ article
      | ajoute[rz]\ (?:à|l.article\ à)\ (?:vos|mes)\ (?:favoris|articles)\b.{0,40}
      | temps\ de\ lecture\W{1,5}.{0,40} | \d{1,3}\ min(?:utes?)?\ de\ lecture
      | (?:publi[ée]e?|mis\ à\ jour|modifi[ée]e?|post[ée]e?)\ (?:le|il\ y\ a)\b[^.]{0,60}\d[^.]{0,40}
      | (?:la\ )?derni[èe]re\ (?:modification|mise\ à\ jour|r[ée]vision)\b[^.]{0,60}\d{4}[^.]{0,40}
      | (?:cr[ée]dits?(?:\ photos?)?|photos?)\ ?[:©].{1,80}
      # English
      | if\ you\ (?:are|were|have)\ not\ (?:been\ )?(?:automatically\ )?redirected.{0,80}
      | (?:you\ are\ being|you\ will\ be)\ redirected.{0,80}
      | click\ here(?:\ (?:to|if|for|and)\b.{0,60})?
      | this\ article\ (?:first\ )?appeared\ in\ the\ .{1,60}\ (?:print\ )?edition\b.{0,200}
      | join\ [\d.,]+\ other\ subscribers | rejoignez\ les\ [\d\s]+autres\ abonn[ée]s
      | a\ version\ of\ this\ (?:article|story|review)\ appear(?:s|ed)\ in\ print\b.{0,240}
      | do\ you\ have\ an\ opinion\ on\ the\ issues\ raised\ in\ this\ article\b.{0,320}
      | share(?:\ (?:this|on|via)\b.{0,80})?
      | (?:read|see)\ (?:also|next|more)\b.{0,120}
      | (?:subscribe|sign\ up)\ (?:to|for)\ (?:our|the|my)\ (?:newsletter|mailing\ list).{0,120}
      | (?:(?:copyright\W+)?\d{4}.{0,60})?all\ rights\ reserved.{0,80}
      | \d{1,5}\ (?:comments?|commentaires?) | .{0,200}\bunsubscribe\ from\ this\ list.{0,80}
      | (?:back\ |return\ )?to\ (?:the\ )?top(?:\ of\ (?:the\ )?page)?
      | follow\ us\ on\b.{0,80}
      | (?:listen\ to|save|print|gift|bookmark)\ (?:this\ )?(?:article|story)\b.{0,40}
      | (?:article|story)\ continues\ (?:below|after)\b.{0,60}
      | (?:est(?:imated|\.)\ )?reading\ time\W{1,5}.{0,40} | \d{1,3}[\ -]min(?:ute)?s?\ read
      | (?:published|posted|updated|last\ (?:updated|modified))(?:\ on|\ at|:)?\ [^.]{0,60}\d{4}[^.]{0,40}
      | (?:photo|image|picture)\ ?(?:credits?|by|courtesy)\b\W.{1,80}
      | our\ standards:\ the\ .{1,30}\ trust\ principles
      | copyright\W+\d{4}.{0,80}
      | (?:table\ of\ )?contents | (?:in|on)\ this\ (?:article|page|post)
      | (?:.{0,80}\ )?view\ (?:this\ (?:email|message)|it)\ in\ (?:your|a)\ browser
      | our\ mailing\ address\ is:.{0,200} | want\ to\ change\ how\ you\ receive\ these\ emails\?.{0,200}
      | skip\ to\ (?:main\ )?content
      | the\ post\b.{1,200}\ appeared\ first\ on\b.{0,120}
      | (?:l.article|cet\ article)\b.{1,200}\ est\ apparu\ en\ premier\ sur\b.{0,120}
      | (?:advertisement|publicité|sponsored(?:\ content)?|contenus?\ sponsoris[ée]s?)
      | skip\ advertisement | (?:after|skip\ past)\ newsletter\ promotion
      | la\ suite\ apr[èe]s\ cette\ (?:publicit[ée]|vid[ée]o)
      | related(?:\ (?:topics|articles?|posts?|stories|links|reading|content))?
      | more\ (?:on\ this\ (?:story|topic)|from\ .{1,60})
      | (?:you\ (?:may|might)\ also\ (?:like|enjoy)|recommended)\b.{0,40}
      | sur\ le\ m[êe]me\ (?:sujet|th[èe]me) | (?:articles|contenus)\ (?:similaires|li[ée]s|associ[ée]s|connexes)
      | (?:vous\ aimerez|à\ (?:d[ée]couvrir|voir))\ aussi
      # German, Spanish, Italian, Portuguese
      | (?:lesen\ sie|mehr\ zum\ thema|lee|lea|leggi|leia)(?:\ auch|\ tambi[ée]n|\ anche|\ tamb[ée]m)?\ ?:\ .{0,120}
      | (?:lesen\ sie\ auch|lee\ tambi[ée]n|lea\ tambi[ée]n|leggi\ anche|leia\ tamb[ée]m|puedes\ ver)\b.{0,120}
      | (?:czytaj|zobacz|przeczytaj|lees)\ (?:też|także|również|ook)\b.{0,120}
      | anzeige | werbung | publicidad | pubblicità | publicidade | reklama | inhalt(?:sverzeichnis)?
      | (?:(?:titel|symbol|archiv|beitrags)?(?:fotos?|bild(?:er|quelle|nachweis)?)|im[áa]gen(?:es)?)\ ?[:©].{1,80}
      | (?:(?:quelle|fuente|fonte|źródło)\ ?:[^.!?]{1,60})
      | (?:zuletzt\ |letzte\ )?(?:aktualisier(?:t|ung)|[äa]nderung)(?:\ am|:)?\ [^.]{0,20}\d{1,2}\.[^!?]{1,40}
      | (?:copyright\W+)?(?:.{0,60}\b)?(?:alle\ rechte\ vorbehalten|todos\ los\ derechos\ reservados
        |todos\ os\ direitos\ reservados|tutti\ i\ diritti\ riservati)\b.{0,80}
      | (?:(?:noch\ )?keine\ (?:kommentare|bewertungen)|kommentare\ (?:sind\ )?geschlossen)\b.{0,80}
      | comments\ are\ closed.{0,40} | les\ commentaires\ sont\ (?:ferm|clos).{0,40}
      | (?:war|fanden\ sie|fandest\ du)\ (?:der|dieser|diesen|den)\ (?:artikel|beitrag)\ .{0,10}(?:n[üu]tzlich
        |hilfreich)
      | (?:m[öo]chten\ sie|wie\ bewerten\ sie)\b.{0,12}\b(?:artikel|beitrag)\b.{0,20}
      | (?:(?:den|diesen)\ )?(?:artikel|beitrag|seite)\ (?:teilen|drucken|empfehlen|bewerten)\b.{0,30}
      | (?:zum|unseren?|jetzt)\ newsletter\b.{0,60}
      | s[íi]gu[ea]nos\ en\b.{0,160} | (?:¿?ya\ )?sab[íi]as\ que\b.{0,60}\btelegram\b.{0,120}
      # of all who ask to be followed
      | follow\ .{1,40}\ on\ (?:twitter|facebook|instagram|x\b|tiktok|youtube|linkedin).{0,160}
      | (?:download\ our|get\ (?:the\ latest|our))\ .{0,80}\bapps?\b.{0,40} | for\ the\ latest\ .{1,80}\bapps?\b.{0,60}
      | subscribe\ (?:now|today|here)\b.{0,100}
      | if\ you\ (?:enjoyed|liked)\ (?:reading\ )?this\ (?:post|article|story)\b.{0,160}
    )\W*$"""
)
"""A whole paragraph that is page furniture: never narrated."""


MORE = re.compile(
    r"""(?ix) ^\W*(?:
      explore\ further | what\ to\ read\ next | (?:read|see)\ (?:also|next|more) | (?:most|also)\ (?:read|popular)
      | (?:latest|more|popular|recent|recommended|related|similar)\ (?:news|articles?|posts?|stories|content|topics)
      | you\ (?:may|might)\ also\ (?:like|enjoy|be\ interested\ in) | (?:latest|recent)\ comments
      | (?:sur\ le\ m[êe]me\ (?:sujet|th[èe]me)|(?:articles|contenus)\ (?:similaires|li[ée]s|associ[ée]s
        |connexes|r[ée]cents))
      | (?:(?:vous\ aimerez|[àa]\ (?:lire|d[ée]couvrir|voir)|lire)\ aussi|les\ plus\ lus|derniers\ articles)
      | (?:das|dies)\ (?:k[öo]nnte|d[üu]rfte)\ .{2,6}\ (?:auch\ )?(?:noch\ )?interessieren
      | auch\ (?:interessant|lesenswert)
      | mehr\ (?:zum\ thema|(?:aus|von|zu|auf)\ [^.!?]{1,40}|themen|artikel|beitr[äa]ge)
      | weitere\ (?:aktuelle\ )?(?:artikel|beitr[äa]ge|themen|meldungen|nachrichten|news)(?:\ [^.!?]{1,40})?
      | (?:[äa]hnliche|verwandte|empfohlene|neueste|letzte|aktuelle|kommentierte|passende)\ (?:artikel
        |beitr[äa]ge|themen|kommentare|meldungen)
      | (?:top-themen|meistgelesen)[^.!?]{0,30} | passend\ (?:zum\ thema|dazu) | schon\ gelesen | lust\ auf\ mehr
      | zum\ weiterlesen | weiterlesen | videos?\ zum\ thema | auch\ auf\ \S{1,30} | entdecken?\ sie\ (?:jetzt|auch)
      | (?:notas|noticias|not[íi]cias|art[íi]culos|articoli|contenidos?|conte[úu]dos?)\ (?:relacionad[oa]s?|correlati)
      | (?:tambi[ée]n\ )?(?:te|le)\ puede\ interesar | (?:lee|lea|vea|mira)\ (?:tambi[ée]n|m[áa]s)
      | m[áa]s\ (?:noticias|sobre\ [^.!?]{1,30})
      | (?:veja|leia)\ (?:tamb[ée]m|mais) | mais\ lidas | leggi\ anche | (?:ti\ )?potrebbe(?:ro)?\ interessar(?:ti|e)
      | (?:zobacz|czytaj|przeczytaj)\ (?:tak[żz]e|te[żz]|r[óo]wnie[żz]|wi[ęe]cej) | lees\ (?:ook|meer|verder)
      | meer\ over\ [^.!?]{1,30}
    )\W*$"""
)
"""A line after which a page leads on to others: `Related articles`, `Mehr zum Thema`."""


CONSENT = re.compile(
    r"""(?ix) ^\W*(?:(?:nous\ utilisons|ce\ site\ utilise)\ des\ cookies|(?:we\ use|this\ (?:web)?site\ uses)\ cookies)
    (?:\W*| [^,.]{0,60}\ (?:pour|afin|to|for|on)\b.{0,240}
      | (?=.*(?:accept|consent|poursuiv|continu|accord|param[èe]tr|\b(?:agree|settings)\b)).{0,240})$"""
)
"""A paragraph that asks to be allowed cookies; some articles are about such words."""


PAYWALL = re.compile(
    r"""(?ix) ^\W*(?:
      # French
        (?:l.acc[èe]s\ à\ la\ totalit[ée]\ de\ )?(?:l.|cet\ |la\ suite\ de\ (?:l.|cet\ ))?
        article\ est\ (?:prot[ée]g[ée]|r[ée]serv[ée]e?)\b.{0,160}
      | (?:article|contenu)\ r[ée]serv[ée]\ aux\ abonn[ée]s.{0,120}
      | la\ suite\ est\ r[ée]serv[ée]e\ aux\ abonn[ée]s.{0,120}
      | abonnez-vous\ pour\ (?:lire|continuer|acc[ée]der)\b.{0,120}
      | il\ vous\ reste\ [\d.,]+\s?%\ de\ (?:cet|l.)\ ?article.{0,120}
      | (?:vous\ [êe]tes\ )?(?:d[ée]jà\ )?abonn[ée](?:\(?e\)?)?\s?\?.{0,80}
      # English
      | this\ (?:article|story|content|post)\ is\ (?:only\ )?
        (?:for|available\ to|reserved\ for)\ (?:paid\ |paying\ )?(?:subscribers|members)\b.{0,160}
      | (?:already\ )?(?:a\ )?(?:subscriber|member)\?\ (?:log|sign)\ in\b.{0,80}
      | (?:subscribe|sign\ (?:up|in)|log\ in|register)(?:\ (?:now|today|for\ free))?\ to\ (?:continue|keep|read)\b
        .{0,120}
      | you\ have\ (?:\d+|one|no|reached\ your)\b.{0,30}\bfree\ (?:articles?|stories)\b.{0,80}
    )\W*$"""
)
"""A whole paragraph that says that the rest is for those who pay."""


COUNTS = re.compile(r"\s*[♡♥❤👍👏💬🔁⭐★☆][\W\d_]*$")
"""How many like or share a page: a sign, and numbers."""
FOOTER = 40
"""Letters of each part of a line that stands at the foot of pages, parted by bars."""


def fold(text: str) -> str:
    """Return the text with control characters dropped and every run of white space as one space.

    UTF-8 that was read as something else (`Ã©` for é) is mended, ligatures are letters, and soft hyphens are gone.
    """
    if GARBLED.search(text):
        import ftfy

        text = ftfy.fix_encoding(text, ftfy.TextFixerConfig(decode_inconsistent_utf8=False, unescape_html=False))
    text = text.translate(LIGATURES).translate(UNSEEN)
    text = re.sub(r"[ \u00a0]{2,}", lambda run: " " if "\u00a0" in run[0] else run[0], text)  # an indentation
    # no-break spaces stay: French typography needs them, and so do thousands ("12 000")
    kept = text.translate(CONTROLS)
    return re.sub(r"[ \t\r\n\f\v]+", " ", unicodedata.normalize("NFC", kept)).strip()


def lines_of(text: str) -> list[str]:
    """Return the paragraphs of a text whose line breaks are marked (BROKEN).

    Two breaks divide, and so does one between sentences or before what is said in a dialogue; others are spaces.
    """
    parts = re.split(rf"(?:\s*{BROKEN}){{2,}}\s*|{ENDED.pattern}\s*{BROKEN}\s*|\s*{BROKEN}\s*(?={SAID.pattern})", text)
    return [line for part in parts if (line := re.sub(rf"\s*{BROKEN}\s*", " ", part).strip())]


def is_notice(text: str) -> bool:
    """Return True for page furniture: redirect, cookie and newsletter notices, share bars, `click here`."""
    bare = text.translate(SIGNS).strip()
    if not bare:
        return not any(c.isalnum() for c in text)
    parts = re.split(r"\s[|·•∙]\s", bare)
    is_row = len(parts) > 1 and max(map(len, parts)) < FOOTER and any(NOTICES.match(part) for part in parts)
    return bool(is_row or any(known.match(bare) for known in (NOTICES, MORE, CONSENT, PAYWALL)) or COUNTS.match(text))


def without_credit(caption: str) -> str:
    """Return the caption of a picture without the words at its end that name the photographer."""
    return AGENCY.sub("", CREDIT.sub("", caption)).rstrip()


def is_named(alternative: str) -> bool:
    """Return True if the alternative text of a picture says what it shows, and not only that it is one."""
    return not NAMELESS.fullmatch(alternative)


def links_in(text: str) -> tuple[Link, ...]:
    """Return the web addresses that stand in a text."""
    return tuple(Link(found[0]) for found in URL.finditer(text))


def unique(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links once each, the first text that names one kept; broken addresses are left out."""
    found: dict[str, Link] = {}
    for link in links:
        if not web(link.url) or re.search(r"[\s\x00-\x1f\x7f-\x9f]", link.url):
            continue
        if link.url not in found or not found[link.url].text:
            found[link.url] = link
    return tuple(found.values())


def title_from(blocks: Sequence[Block], path: Path | None) -> tuple[str, str]:
    """Return a title for a text that has none, and a sentence that says where it is from.

    A file name of three words or more is one that a person gave; else the first sentence serves.
    """
    words = re.findall(r"[^\W\d_]{2,}", path.stem) if path else []
    if path and len(words) >= 3 and not re.search(r"[0-9a-f]{8,}|\d{5,}", path.stem):
        name = re.sub(r"[\s_-]+", " ", path.stem).strip()
        return name[:1].upper() + name[1:], "the title is taken from the file's name"
    first = next((block.text for block in blocks if block.kind not in {"code", "table", "image"}), "")
    sentence = re.split(r"(?<=[.!?…])\s|(?<=[。！？।؟۔])", first, maxsplit=1)[0].rstrip(" .。।۔")
    if len(sentence) > TITLE_LENGTH:
        cut = sentence[: TITLE_LENGTH - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-«(\u00a0")
        sentence = f"{cut}…"
    return sentence, "the title is taken from the first sentence"


def language_of(text: str, declared: str = "", *, given: str = "", home: Sequence[str] = HOME) -> tuple[str, str]:
    """Return the language of a text as BCP 47, and a sentence that says how it was found ("" if it was declared).

    What is `given` by the producer holds. Programs declare languages that nobody chose: what is none counts for
    nothing, and a long text whose words say otherwise is believed.
    A few words, or a number, look like any of a hundred languages: they are in one of those at `home`, the first if
    nothing tells, unless they are clearly in another one that is likely.
    """
    if given:
        return given.replace("_", "-"), ""
    if declared := _tag(declared):
        code = contradicted(text, declared)
        remark = f"the language is taken to be {code!r} from the words, though it says {declared!r}"
        return code, "" if code == declared else remark
    code = _detected(text, home)
    return code, f"the language is taken to be {code!r} from the words"


def _tag(declared: str) -> str:
    """Return a language as BCP 47, empty for what is none: `fra` and `fr_FR.UTF-8` are, `und` and `French` are not."""
    from babel.core import get_global

    tag = re.split(r"[.,;\s]", declared.strip().replace("_", "-"), maxsplit=1)[0]
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", tag) or tag[:3].lower() in {"und", "zxx", "mul"}:
        return ""
    first, dash, rest = tag.partition("-")
    return f"{get_global('language_aliases').get(first.lower(), first) if len(first) == 3 else first}{dash}{rest}"


def _detected(text: str, home: Sequence[str]) -> str:
    import py3langid

    scores = {str(code): float(score) for code, score in py3langid.rank(text[:20_000])}
    letters = ["LATIN" in unicodedata.name(c, "") for c in text[:SHORT] if c.isalpha()]
    if len(text) >= SHORT or sum(letters) < 0.8 * len(letters):
        return next(iter(scores))
    own = {tag: scores[base] for tag in home if (base := tag.split("-")[0].lower()) in scores}
    code = next(likely for likely in scores if likely in LIKELY)
    near = [tag for tag in own if own[tag] >= scores[code] - NEAR]
    return max(near, key=lambda tag: own[tag] if letters else 0, default=code)


def contradicted(text: str, declared: str) -> str:
    """Return the language of a text that is declared to be in another: that of a template, of which nobody thought.

    Both halves of it have to be in the other one, for sure; else it is as `declared`.
    """
    if len(text) < SURE or declared[:2].lower() not in LIKELY:
        return declared
    import py3langid

    halves = {
        str(py3langid.classify(half)[0]) for half in (text[: len(text) // 2][:10_000], text[len(text) // 2 :][:10_000])
    }
    found = halves.pop()
    return declared if halves or found not in LIKELY or found == declared[:2].lower() else found


def moment(text: str | None) -> dt.datetime | None:
    """Return a date such as `2026-11-23` or `2026-11-23T06:00:00+01:00`, or None if the text is none.

    A date without a time zone is taken as UTC.
    """
    try:
        found = dt.datetime.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=dt.UTC)
