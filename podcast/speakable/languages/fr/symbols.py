# SPDX-License-Identifier: GPL-3.0-or-later
"""French symbols in sport, bibliographies and telephone numbers: `3'26"`, `352 p.`, `le 3919`."""

import re
from collections.abc import Callable

from podcast.speakable import tables
from podcast.speakable.engine import DIGIT, EDGE, END, Rule, in_quotes, last_dot, rule
from podcast.speakable.rules.agreement import gender
from podcast.speakable.rules.measures import Grammar

_OF_LAW = (
    r" (?:de l'|d'un |du |de la |de cet |des )(?:articles?\b|art\.|[Cc]ode\b|présente?s?\b|mêmes?\b|[IVX]+\b|§"
    r"|paragraphe|alinéa|loi\b|règlement\b)"
)
"""Words after a part of an article of law, `au 3° de l'article 12`, which is not in degrees."""
GENDER = gender(tables.load("fr"))
_COUNTED = re.compile(r"([^\W\d_]+s) (?:[–—-] |\()\Z")
_SECONDS = r"(?:''|′′|[\"”″])"


def mark_rules(speech: Grammar) -> tuple[Rule, ...]:
    """Return the rules; those for telephone numbers run before those for digits in pairs."""
    return (
        *_countdowns(speech),
        *_primes(speech),
        *_scores(speech),
        *_measures(speech),
        *_calls(speech),
        *_numbered_names(speech),
    )


def _countdowns(speech: Grammar) -> tuple[Rule, ...]:
    """Spell out days and hours before an event, and years before the current one: `J-7`, `H - 2`, `N-1`."""
    return (
        rule(rf"{EDGE}x(?=[1-9][0-9]{{0,3}}{END})", "fois ", needs="x"),
        rule(
            r"(?<=[0-9])/(?=[0-9]{1,3} (?:minutes|jours|ans|personnes|semaines|mois|heures)(?!\w))",
            _to_or_out_of,
            needs="/",
        ),
        rule(rf"(?<=[0-9][ .]000)/(?=[0-9]{{1,3}}[ .]000{END})", " sur ", needs="/"),
        _one_of_them(),
        # `(- de 25 ans)`, but not `- de 25 ans`, which may be an item of a list.
        rule(
            r"(?:(?<=\()|(?<=\b[dlL]es )|(?<=\baux )|(?<=\bet ))-(?= ?de [0-9])",
            "moins ",
            needs="-",
            starts="- ?de [0-9]",
        ),
        rule(r"(?:(?<=\b[dlL]es )|(?<=\baux ))\+ ?(?=[1-9][0-9] ans)", "plus de ", needs="+", starts=r"\+"),
        rule(
            r"(?<![\w'])[Dd]e (?=1(?:[ .]000){2,3}(?![ .]?[0-9])|1 (?:M\b|Md|m[dr]d|million|milliard))",
            "d'",
            needs="1",
        ),
        rule(
            rf"{EDGE}(?P<letter>[JH]|[Nn](?=-[1-5]{END})) ?[-−–] ?(?P<number>[0-9]{{1,3}}){END}(?![-/.,°]?[0-9])",
            lambda match: f"{match['letter'].lower()} moins {speech.cardinal(int(match['number']))}",
            needs="JHNn",
            starts="[JHNn] ?[-−–]",
        ),
    )


def _one_of_them() -> Rule:
    """Return the rule for one of several things that are feminine: `Deux villes – 1 de Bretagne – …`."""

    def one(match: re.Match[str]) -> str | None:
        counted = _COUNTED.search(match.string[: match.start()])
        return "une" if counted and GENDER(counted[1]) == "f" else None

    return rule(
        r"(?<=[–—(-][ ])1(?= d(?:e|es|u|ont) | d')|(?<=\()1(?= d(?:e|es|u|ont) | d')", one, needs="1", starts="1 d"
    )


def _to_or_out_of(match: re.Match[str]) -> str | None:
    """Return the word for the slash of `10/15 minutes`; None for `3/5 jours`, which is a part."""
    before = re.search(r"(?<![\w.,/-])[0-9]{1,3}\Z", match.string[: match.start()])
    after = re.match("[0-9]+", match.string[match.end() :])
    below = int(after[0]) if after else 0
    return " à " if before and below > 5 and int(before[0]) < below else None


def ordinal(number: int, cardinal: Callable[[int], str], ending: str = "e") -> str:
    """Spell out an ordinal; `ending` is the text after the digits: `er`, `re`, `nd`, `e`, `es`."""
    plural = "s" if ending.endswith("s") else ""
    if number == 1:
        return ("première" if ending.rstrip("s") in {"re", "ère", "ere", "ʳᵉ"} else "premier") + plural
    if ending.rstrip("s") in {"nd", "nde", "d", "de"} and number == 2:
        return ("seconde" if ending.rstrip("s").endswith("de") else "second") + plural
    words = cardinal(number).removesuffix("s") if number % 100 == 80 else cardinal(number)
    words = re.sub(r"(cent|million|milliard)s$", r"\1", words)
    if words.endswith("cinq"):
        words += "u"
    elif words.endswith("neuf"):
        words = words[:-1] + "v"
    return words.removesuffix("e") + "ième" + plural


def _primes(speech: Grammar) -> tuple[Rule, ...]:
    """Spell out primes as minutes and seconds: `2h03'15"`, `9''58`, `la 87'`."""

    def counted(number: str, unit: str) -> str:
        return f"{speech.before(int(number), unit)} {unit}{'s' if int(number) > 1 else ''}"

    def time(match: re.Match[str]) -> str:
        units = (("hours", "heure"), ("minutes", "minute"), ("seconds", "seconde"))
        said = [counted(match[name], unit) for name, unit in units if match[name]]
        return " ".join([*said, *([speech.fraction(match["rest"])] if match["rest"] else [])])

    def minute(match: re.Match[str]) -> str | None:
        if in_quotes(match):
            return None
        number = match["minute"]
        before = match.string[: match.start()]
        if not before.strip() and re.match(r" ?[:–+-]", match.string[match.end() :]):
            return f"{ordinal(int(number), speech.cardinal)} minute"  # 67' : but
        if not before.endswith(("la ", "La ")) and before.rfind("(") <= before.rfind(")"):
            return counted(number, "minute")
        return f"{ordinal(int(number), speech.cardinal)} minute"

    free = r"(?<![\w,.:'‘\"])"
    return (
        rule(
            rf"{free}(?:(?P<hours>[0-9]{{1,2}}) ?h ?)?(?P<minutes>[0-9]{{1,3}})['′] ?(?P<seconds>[0-5]?[0-9])"
            rf"(?:{_SECONDS}(?P<rest>[0-9]{{1,3}})?)?(?!\w)",
            time,
            needs="'′",
            starts=DIGIT,
        ),
        rule(
            rf"{free}(?P<hours>)(?P<minutes>)(?P<seconds>[0-9]{{1,3}}){_SECONDS}(?P<rest>[0-9]{{1,3}}){END}",
            time,
            needs="'′\"”″",
            starts=DIGIT,
        ),
        rule(rf"{free}(?<!nnées )(?P<minute>[0-9]{{1,3}})['′](?![\w'’\"”])", minute, needs="'′", starts=DIGIT),
    )


def _scores(speech: Grammar) -> tuple[Rule, ...]:
    """Spell out tennis sets, `6/4 6/2`, and names that consist of two numbers: `le 9-3`, `la 6e3`."""

    def digits(match: re.Match[str]) -> str:
        apart = re.sub(r"(?<=[0-9)]) (?=[0-9])", ", ", match.group())
        return re.sub("[0-9]+", lambda one: number(one.group()), re.sub("[-/]", " ", apart))

    def number(text: str) -> str:
        return speech.cardinal(int(text))

    counted = "(?:jan|fév|mars|avr|mai|juin|juil|août|sept|oct|nov|déc|ans|mois|jours|euros|[€%])"
    one = "(?:6/[0-4]|[0-4]/6|7/[56]|[56]/7)"
    tie = r"(?: ?\([0-9]{1,2}[-/][0-9]{1,2}\))?"
    return (
        rule(
            r"(?<=[67]-[67] \()[0-9]{1,2}/[0-9]{1,2}(?=\))",
            lambda m: " à ".join(map(number, m[0].split("/"))),
            needs="/",
        ),
        rule(rf"(?<![\w/.,]){one}{tie}(?:,? (?:et )?{one}{tie}){{1,4}}(?![\w/]|[.,][0-9])", digits, needs="/"),
        rule(
            rf"(?:(?<=[Ll]e )|(?<=[DdAa]u )|(?<=Saab ))(?:[79]-(?:[0-9]|10)|47-1|49-3)(?![\w/-]|[.,][0-9]| {counted})",
            digits,
            needs="-",
        ),
        rule(
            rf"(?:(?<=[Ll]a )|(?<=[Ee]n ))(?P<year>[3-6])e(?P<form>[0-9]{{1,2}}){END}",
            lambda match: f"{ordinal(int(match['year']), speech.cardinal)} {number(match['form'])}",
            needs="e",
        ),
    )


def _measures(speech: Grammar) -> tuple[Rule, ...]:
    """Spell out lengths and fractions with a special form: `1,85 m`, `au 1/50`, `5 l/100 km`."""

    def metres(match: re.Match[str]) -> str:
        whole = int(match["whole"])
        return f"{speech.before(whole, 'mètre')} mètre{'s' if whole > 1 else ''} {speech.fraction(match['rest'])}"

    def scale(match: re.Match[str]) -> str:
        below = ordinal(int(match["below"].replace(" ", "")), speech.cardinal)
        return f"un {below} de seconde" if match["second"] else f"un {below}"

    return (
        rule(
            r"(?<![\w,.–-])(?<![x×] )(?P<whole>[1-9][0-9]{0,2}),(?P<rest>[0-9]{2}) ?m(?![\w²³^/·×]| ?[x×] )",
            metres,
            needs=",",
            starts=DIGIT,
        ),
        rule(rf"(?<=[gl])/(?=(?:24|48) ?h{END})", " par ", needs="/"),  # 4 g/24 h
        rule(
            r"(?:(?<=(?:mi[oa]|mrd) de )|(?<=(?:lion|iard)s de ))fr\.(?!\w)",
            lambda m: "francs." if last_dot(m) else "francs",
            needs="f",
        ),
        rule(r"(?<=[0-9])\.[–—-](?![\w–—-])", "", needs="–—-"),  # Fr. 45.–
        rule(r"(?<=[0-9]) ?pi(?= [0-9]{1,2} po(?!\w))", " pieds", words=["pi"]),
        rule(r" ?/ ?100 ?km(?!\w)", " aux cent kilomètres", needs="/"),
        rule(
            r"(?<=au )1/(?P<below>[0-9]{2,3}(?: ?000)*|[1-9]0{3,6}|[0-9] 000(?: 000)*)e?(?P<second> s)?"
            r"(?![\w/]|[.,][0-9])",
            scale,
            needs="/",
        ),
        rule(rf"(?<=[0-9]e) (?:min|mn){END}(?:\.(?=[,;)]| [a-z]))?", " minute", needs="m"),
        rule(
            rf"(?<![\w/])(?P<a>[0-9]{{1,2}})/(?P<b>[0-9]{{1,2}}) ?h{END}",
            lambda match: f"{speech.cardinal(int(match['a']))} à {speech.before(int(match['b']), 'heures')} heures",
            needs="/",
            starts=DIGIT,
        ),
    )


def _calls(speech: Grammar) -> tuple[Rule, ...]:
    """Spell out numbers for emergencies and services: `le 3919`, `0 800 123 456`."""

    def short(match: re.Match[str]) -> str:
        return " ".join(speech.cardinal(int(match["number"][i : i + 2])) for i in (0, 2))

    def free_phone(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match.group())
        return f"zéro {', '.join(speech.integer(part) for part in (digits[1:4], digits[4:7], digits[7:]))}"

    services = "[2-9]11|988" if speech.language == "fr-CA" else "[24589]11|988"

    def paid_phone(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match.group())
        parts = (digits[2:4], digits[4:7], digits[7:])
        return f"zéro huit {', '.join(speech.integer(part) for part in parts)}"

    return (
        rule(
            r"(?:(?<=[Ll]e )|(?<=[Aa]u )|(?<=[Dd]u ))(?P<number>3(?:01[0-9]|020|11[0-9]|2[0-9]{2}|6[0-9]{2}|9[0-9]{2}))"
            r"(?!\w|[.,:/-][0-9]| (?:m|mètres|km|euros|ans|premiers?|derniers?)\b)",
            short,
            needs="3",
            starts="3[0-9]",
        ),
        # Emergency numbers of North America.
        rule(
            r"(?:(?<=\b[Ll]e )|(?<=\b[Aa]u )|(?<=\b[Dd]u )|(?<=[Cc]omposez )|(?<=[Aa]ppelez )"
            r"|(?<=\b[Aa]ppel )|(?<=\b[Aa]ppels )|(?<=\b[Ss]ervices )|(?<=\b[Ss]ervice )|(?<=\b[Cc]entrale )"
            r"|(?<=\burgence )|(?<=\b[Ll]igne )|(?<=-Santé )|(?<=-Social ))"
            rf"(?P<number>{services}){END}"
            r"(?![.,:/-]?[0-9]| (?:m|km|euros|ans|%)\b)",
            lambda match: " ".join(map(speech.cardinal, map(int, match["number"]))),
            needs="189",
            starts="[2-9]",
        ),
        rule(r"(?<![\w.])0 ?80[0-9][ .][0-9]{3}[ .][0-9]{3}(?!\w)", free_phone, needs="0", starts="0"),
        rule(r"(?<![\w.])0 ?8[0-9]{2}[ .][0-9]{3}[ .][0-9]{3}(?!\w)", paid_phone, needs="0", starts="0"),
    )


def _numbered_names(speech: Grammar) -> tuple[Rule, ...]:
    """Spell out names with numbers, of wars, jets, laws and books: `la guerre de 14-18`, `art. 1641-1`, `352 p.`."""

    def provision(match: re.Match[str]) -> str | None:
        first, second = map(int, re.findall("([0-9]+)-([0-9]+)", match["code"])[-1])
        many = match["word"].endswith("s") or match.string[: match.start()].endswith(("es ", "ux "))
        if many and match["code"] == f"{first}-{second}" and first < second:
            return None  # a range
        codes = re.sub(",(?=[0-9])", ", ", f"{match['code']}{match['more']}").replace("-", " tiret ")
        return f"{match['word'].replace('.', 'icle')} {re.sub('[0-9]+', lambda one: speech.integer(one[0]), codes)}"

    return (
        rule(rf"(?<=Boeing 7[0-8]7)-(?=[1-9](?:00)?(?:ER|LR)?{END})", " ", needs="-"),
        rule(
            r"(?:(?<=uerre )|(?<=uerre de )|(?<=[Ee]n ))(?P<war>14-18|39-45)(?![\w%€]| (?:ans|%|€))",
            lambda match: " ".join(speech.cardinal(int(year)) for year in match["war"].split("-")),
            words=["14-18", "39-45"],
        ),
        rule(r"(?<![\w.])p\. ?(?=[0-9]{1,4} ?[-–] ?[0-9]{1,4}(?![\w-]))", "pages ", needs=".", starts=r"p\. ?[0-9]"),
        rule(r"(?<=[0-9]{2} )p\.(?! ?[0-9])|(?<=[0-9]{2} )pp\.", "pages", needs="."),
        rule(
            rf"(?<![\w.,])(?P<part>[1-9][0-9]?)°(?=(?:(?:,| et| ou| à) [0-9]{{1,2}}°)*+{_OF_LAW})",
            lambda match: speech.cardinal(int(match["part"])),
            needs="°",
            starts=DIGIT,
        ),
        rule(
            rf"{EDGE}(?P<word>[Aa]rt(?:icles?|\.)) "
            rf"(?P<code>(?:[0-9]{{1,4}}(?:,| et| ou| à) )*[0-9]{{1,4}}(?:-[0-9]{{1,3}}){{1,2}}){END}(?!-)"
            rf"(?P<more>(?:(?:(?:,| et| ou| à|, et) |,)[0-9]{{1,4}}(?:-[0-9]{{1,3}}){{0,2}}{END}(?!-))*)",
            provision,
            needs="-",
        ),
        # The provision after one with the same number: `1832 et 1832-1`.
        rule(
            r"(?<![\w.,/-])(?P<code>(?P<number>[1-9][0-9]{1,3})(?:,| et| ou| à) (?P=number)-[1-9][0-9]?)"
            r"(?![\w/-]|[.,][0-9])",
            lambda m: re.sub("[0-9]+", lambda one: speech.integer(one[0]), m["code"].replace("-", " tiret ")),
            needs="-",
            starts=DIGIT,
        ),
        rule(rf"{EDGE}[nN][°º] ?(?![ 0-9])", "numéro ", needs="°º"),
        rule(
            r"\A(?P<part>[1-9][0-9]?)°(?= (?:[A-ZÀ-Þ][^\W\d_]|[AÀ] [a-z]))",
            lambda m: f"{speech.cardinal(int(m['part']))}.",
            needs="°",
        ),
        # The first part of a text, before II.: neither an initial nor a letter.
        rule(r"\AI\.(?=\s*\Z| (?:L[ae]s?|L'|Une?|Des?|Du|D')\b)", "un.", needs="I"),
        rule(r"(?<=[0-9] )(?P<side>[rv])°(?!\w)", lambda m: "recto" if m["side"] == "r" else "verso", needs="°"),
        rule(r"(?<=[0-9]{5})\*(?=[0-9]{2}(?![\w]))", " étoile ", needs="*"),  # Cerfa n° 14004*04
        rule(r"(?:(?<=[0-9]h)|(?<=h[0-9]{2}))(?<!24h)/(?=[0-9]{1,2} ?h)", ", ", needs="/"),  # 9h-12h/14h-18h
        rule(r"(?<!\w)[Dd]ép\.(?= (?:à )?[0-9]{1,2} ?[h:])", "départ", needs="."),
        rule(r"(?<!\w)(?<!e )[Aa]rr\.(?= (?:à )?[0-9]{1,2} ?[h:])", "arrivée", needs="."),
        rule(r"(?<!\w)[Dd]im\.(?= ?:? [0-9,]+ ?(?:[cm]?m )?[x×])", "dimensions", needs="."),
        rule(rf"{EDGE}v\. (?=1?[0-9]{{3}}{END})", "vers ", needs="v"),
        rule(r"(?<=[0-9]0)'s(?!\w)", "", needs="'"),
    )
