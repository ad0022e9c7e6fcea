# SPDX-License-Identifier: GPL-3.0-or-later
"""English symbols and abbreviations in context: `Oak St.`, `5'10"`, `2h 15m`, `6/8 time`, `the class of '99`.

Types of roads and points of the compass are in languages/en/speaking.toml.
"""

import re
from collections.abc import Callable

from podcast.speakable.engine import DIGIT, EDGE, END, Rule, any_of, in_quotes, last_dot, rule
from podcast.speakable.languages.en.entities import in_two_steps, plural
from podcast.speakable.rules import spellout
from podcast.speakable.rules.abbreviations import PARTICLE
from podcast.speakable.tables import Tables

Number = Callable[[int], str]
_SCORER = re.compile(r"[A-ZÀ-Þ][^\W\d_]+ (?:\([^()]*|(?:[0-9+]+', ?)*)$")
_WEATHER = re.compile(
    r"\b(?:pressure|cyclones?|hurricane|typhoon|[Ss]torm|barom\w+|landfall|[Aa] (?:deep )?(?:low|high) )\b"
)
_PLACES = re.compile(r"\b(?:seats?|rows?|gates?|flats?|rooms?|class|section|article)\b", re.IGNORECASE)
"""Nouns numbered like `12C`, which is then not a temperature."""
_COLD = 32
"""Degrees Fahrenheit below which a number with an F is a temperature only beside a word of the weather."""
_HEAT = re.compile(
    r"\b(?:temperatures?|degrees|cold|highs?|lows?|weather|winter|heat|chill|oven|freezer)\b", re.IGNORECASE
)
_LIVE = re.compile(r" ?[–—:-]| [A-Z]")
_CAPITALISED = re.compile(r"([A-Z][\w']*|[0-9]+(?:st|nd|rd|th)) $")


def mark_rules(tables: Tables, cardinal: Number, ordinal: Number) -> tuple[Rule, ...]:
    """Return the rules."""
    return (
        *_roads(tables, cardinal, ordinal),
        *_feet(cardinal),
        *_durations(cardinal, ordinal),
        *_years(tables, cardinal),
        *_cricket(tables, cardinal),
        *_others(tables, cardinal),
        *_heat(cardinal),
    )


def _ends_sentence(match: re.Match[str]) -> bool:
    """Return True if the dot of a road also ends the sentence: `at 5 Elm St. He fell`, not `12 Oak Ave. NW`."""
    following = re.match("(?!(?: [A-Z][a-z]+){1,2}, [A-Z]) [A-Z](?:[a-z]| )", match.string[match.end() :])
    return match.group().endswith(".") and bool(last_dot(match) or following)


def _roads(tables: Tables, cardinal: Number, ordinal: Number) -> tuple[Rule, ...]:
    """Spell out `Oak St.`, `W. 42nd St.` and, where no street is meant, `St` for Saint."""
    roads: dict[str, str] = tables["roads"]
    sides: dict[str, str] = dict(tables["sides"])
    sided = sides.pop("sided").split()
    starters = frozenset(tables["sentences"]["starters"].split())
    saints = frozenset(tables["saints"].split())
    begins = any_of(word.capitalize() for word in starters)
    named = any_of(saints)
    sure = "|".join(rf"(?<={road}\.)" for road in roads if road not in {"St", "Dr", "Ct", "Pl", "Sq"})
    written = any_of([*roads, *map(str.lower, roads)])

    def road(match: re.Match[str]) -> str:
        name = ordinal(int(match["number"])) if match["number"] else match["name"]
        ends = _ends_sentence(match)
        name = f"{sides[match['side']]} {name}" if match["side"] else name
        return f"{name} {roads[match['road']]}{'.' if ends else ''}"

    def address(match: re.Match[str]) -> str:
        """Read the number of a house in two steps."""
        end = _ends_sentence(match)
        words = [in_two_steps(int(match["house"]), cardinal)]
        words += [sides[match["side"]]] if match["side"] else []
        words += [ordinal(int(match["number"]))] if match["number"] else [match["name"]]
        return " ".join([*words, roads[match["road"].capitalize()]]) + ("." if end else "")

    def saint(match: re.Match[str]) -> str | None:
        before = _CAPITALISED.search(match.string, max(0, match.start() - 30), match.start())
        if before and before[1].lower() not in starters and match["name"] not in saints:
            return None
        return "Saint "

    return (
        # `2788 San Tomas Expy`, `1211 E Arques Ave`: after the number of a house it needs no mark.
        rule(
            rf"(?<![\w$£€.,:/-])(?P<house>[1-9][0-9]{{0,4}}) (?:(?P<side>[{''.join(sides)}])\.? )?"
            rf"(?:(?P<number>[0-9]{{1,3}})(?:st|nd|rd|th)|(?P<name>[A-Z][a-z']+(?: [A-Z][a-z']+){{0,2}})) "
            rf"(?P<road>{written})(?:\.(?! {named}{END})|{END}(?!\.| (?:ft|feet|m|km|mi|miles?|yd|in)\b))",
            address,
            words=roads,
            starts=DIGIT,
        ),
        rule(
            rf"{EDGE}(?P<on>(?<=\b[Oo]n )|(?<=\balong )|(?<=\boff ))?(?:(?P<side>[{''.join(sides)}])\. )?"
            rf"(?:(?P<number>[0-9]{{1,3}})(?:st|nd|rd|th) (?P<highway>)|(?P<name>[A-Z][\w']+) )"
            rf"(?P<road>{any_of(roads)})(?:\.(?(highway)|(?(on)(?! {named}{END}| {PARTICLE})"
            rf"|(?:{sure}|(?! (?!{begins}{END})[A-Z]| {PARTICLE}))))|(?(highway){END}|(?=,)))",
            road,
            words=roads,
            starts="[A-ZÀ-Þ0-9]",
        ),
        rule(
            rf"{EDGE}(?P<side>[{''.join(sides)}])\. ?(?=(?:{any_of(sided)}){END})",
            lambda match: f"{sides[match['side']]} ",
            words=sided,
            starts="[NSEW]\\.",
        ),
        # Without its dot it is a street after a name: `Wall St Journal`.
        rule(rf"{EDGE}St (?=(?P<name>[A-Z][a-z]+))", saint, words=["st"], starts="St "),
    )


def _feet(cardinal: Number) -> tuple[Rule, ...]:
    """Spell out feet and inches: `5'10"`, `5 ft 10 in`, `a 6' x 9' rug`, `12' tall`."""

    def height(match: re.Match[str]) -> str:
        return f"{cardinal(int(match['feet']))} foot {cardinal(int(match['inches']))}"

    def sides_of(match: re.Match[str]) -> str:
        unit = "foot" if match["mark"] == "'" else "inch"
        return " by ".join(f"{cardinal(int(match[side]))} {unit}" for side in "ab")

    return (
        rule(rf"{EDGE}(?P<feet>[1-9])['′] ?(?P<inches>1[01]|[0-9])(?:[\"”″]|''|′′)", height, needs="'′", starts=DIGIT),
        rule(
            rf"{EDGE}(?P<feet>[1-9]) ?(?:ft\.?|feet|foot) (?P<inches>1[01]|[0-9]) ?in(?:ches)?{END}"
            r"(?:\.(?= [a-z]|[,;]))?",
            height,
            needs="f",
            starts=DIGIT,
        ),
        # `6ft 2`, `5'11`
        rule(
            r"(?<![\w.'\"])(?P<feet>[4-7])(?:ft ?|')(?P<inches>1[01]|[0-9])(?![\w'\"”″/²³]|[.,][0-9]| ?[x×])",
            height,
            needs="'f",
            starts="[4-7](?:ft|')",
        ),
        rule(r"(?<=[0-9])-in\.(?= [a-z])", " inch", needs="-", starts="-in"),
        rule(r"(?<=cm|mm|ft|in|[0-9]m) [x×] (?=[0-9])", " by ", needs="x×"),
        rule(
            r"(?<![\w'\"])(?P<a>[0-9]{1,3})(?P<mark>['\"]) ?[x×] ?(?P<b>[0-9]{1,3})(?P=mark)(?!\w)",
            sides_of,
            needs="x×",
            starts=DIGIT,
        ),
        rule(
            r"(?<![\w'])(?P<feet>[0-9]{1,3})'(?= (?:tall|high|wide|long|deep)\b)",
            lambda match: f"{cardinal(int(match['feet']))} feet",
            needs="'",
            starts=DIGIT,
        ),
    )


def _durations(cardinal: Number, ordinal: Number) -> tuple[Rule, ...]:
    """Spell out `2h 15m`, the minutes of a match, `Saka 34'`, and the time of music, `6/8 time`."""

    def lasting(match: re.Match[str]) -> str:
        parts = ((match[unit], unit) for unit in ("hour", "minute", "second"))
        return " ".join(f"{cardinal(int(n))} {unit}{'' if int(n) == 1 else 's'}" for n, unit in parts if n)

    def minute(match: re.Match[str]) -> str:
        said = f"{ordinal(int(match['minute']))} minute"
        return f"{said} plus {cardinal(int(match['added']))}" if match["added"] else said

    def played(match: re.Match[str]) -> str | None:
        if in_quotes(match):
            return None
        before = match.string[: match.start()]
        begins = not before.strip() and _LIVE.match(match.string, match.end())
        return minute(match) if begins or _SCORER.search(before) else None

    return (
        # `67' – Booked`, `Kane (10', 67')`; after another word they are feet.
        rule(
            r"(?<![\w.,:'\"+])(?P<minute>[0-9]{1,3})(?:\+(?P<added>[0-9]{1,2}))?'(?! ?[x×]|[\w'\"])",
            played,
            needs="'",
            starts=DIGIT,
        ),
        rule(
            rf"(?<![\w.:])(?P<hour>[0-9]{{1,3}})h ?(?P<minute>[0-5]?[0-9])m(?: ?(?P<second>[0-5]?[0-9])s)?{END}",
            lasting,
            needs="h",
            starts=DIGIT,
        ),
        rule(
            r"(?<![\w./-])(?P<a>[2-9]|12)/(?P<b>[248]) (?=time\b(?! (?:to|of)))",
            lambda match: f"{cardinal(int(match['a']))} {cardinal(int(match['b']))} ",
            words=["time"],
            starts=DIGIT,
        ),
    )


def _years(tables: Tables, cardinal: Number) -> tuple[Rule, ...]:
    """Spell out abbreviated years, `the class of '99`, and plurals of numbers: `1000s`, `the over-65s`."""
    many: dict[str, str] = tables["thousands"]

    def aged(match: re.Match[str]) -> str:
        return match["lead"] + plural(cardinal(int(match["age"])))

    return (
        rule(
            rf"{EDGE}(?P<lead>(?:[Uu]nder|[Oo]ver)-|(?:(?:[Tt]he|[Ff]or|[Aa]ll|[Mm]ost|[Mm]any|and|or|by) "
            rf"(?:under|over)|Under|Over) )(?P<age>1[0-9]|[2-9][0-9])s{END}",
            aged,
            words=["under", "over"],
        ),
        rule(rf"(?<![\w.,])(?P<n>100?|1),?000s{END}", lambda match: many[match["n"]], needs="0", starts="1"),
        rule(r"(?<=[0-9]0s)(?:-|–| - | – )(?='?(?:1[89]|20)?[0-9]0s\b)", " to ", needs="-–"),  # 1960s-80s
        rule(r"[$£€](?=[2-9]0s\b)", "", needs="$£€"),  # three $20s
        rule(rf"(?<=[^\W\d_] )'0(?P<year>[1-9]){END}", lambda match: f"oh {cardinal(int(match['year']))}", needs="'"),
        rule(r"(?<=\b[A-Z][a-z]{2})\. '(?=[0-9]{2}(?!\w))", " ", needs="'"),  # 5 Jan. '24
        rule(r"(?<=[^\W\d_] )'(?=[0-9]{2}(?![\w]))", "", needs="'"),
        rule(r"(?<=\b[QH][1-4])'(?=[0-9]{2}(?!\w))", " ", needs="'"),
    )


def _cricket(tables: Tables, cardinal: Number) -> tuple[Rule, ...]:
    """Spell out cricket scores, in lines about cricket: `314-4 dec.`, `212/4 in 20 overs`."""

    def score(match: re.Match[str]) -> str:
        said = f"{cardinal(int(match['runs']))} for {cardinal(int(match['wickets']))}"
        ends = last_dot(match) or re.match(" [A-Z]", match.string[match.end() :])
        end = "." if match["declared"][-1:] == "." and ends else ""
        return said + (f" declared{end}" if match["declared"] else "")

    wickets = r"[-–/](?P<wickets>10|[0-9])"
    return (
        rule(
            rf"(?<![\w.,/–-])(?P<runs>[1-9][0-9]{{1,2}}){wickets}(?P<declared> ?dec{END}\.?|d{END}(?!\.))",
            score,
            needs="d",
            starts="[1-9][0-9]{1,2}[-–/](?=[0-9])",
        ),
        rule(
            rf"(?<![\w.,/–-])(?P<runs>[1-9][0-9]{{1,2}}){wickets}(?P<declared>)(?![\w/-]|[.,][0-9])",
            score,
            words=tables["cricket"].split(),
            starts="[1-9][0-9]{1,2}[-–/](?=[0-9])",
        ),
    )


def _others(tables: Tables, cardinal: Number) -> tuple[Rule, ...]:
    """Spell out `file(s)`, `w/ tax`, `.22`, `0.6pc`, `Rs 500/-`, and `968 mb` in weather reports."""

    def rand(match: re.Match[str]) -> str:
        decimals = f" point {spellout.digit_by_digit(match['rest'], 'en')}" if match["rest"] else ""
        return f"{cardinal(int(match['whole']))}{decimals} {tables['scales'][match['scale']][0]} rand"

    def pressure(match: re.Match[str]) -> str | None:
        return " millibars" if _WEATHER.search(match.string) else None

    return (
        rule(r"(?<=[A-Z]{2} )(?<!US )(?<!UK )(?<!EU )IT(?= [A-Z]{2})", "it", words=["it"], starts="IT "),
        rule(rf"(?:(?<=[ ,–-][89][0-9][0-9])|(?<=1,0[0-9][0-9])|(?<=10[0-9][0-9])) ?mb{END}", pressure, words=["mb"]),
        rule(
            rf"{EDGE}(?P<noun>[a-z]{{3,}})\((?P<many>e?s)\){END}",
            lambda match: match["noun"] + match["many"],
            needs="(",
        ),
        rule(
            r"(?<![\w.)\]])\.(?P<digits>[0-9]{1,6})(?![\w.])",
            lambda match: f"point {spellout.digit_by_digit(match['digits'], 'en')}",
            needs=".",
        ),
        rule(
            rf"(?<![^\W_])w/(?:(?P<out>o(?:ut)?{END})|(?![a-z]{END})) ?",
            lambda match: "without " if match["out"] else "with ",
            needs="w",
            starts="w/",
        ),
        rule(rf"(?<=[0-9]\.[0-9])pc{END}", " percent", needs="p"),
        rule(r"(?<=[0-9])/-(?![\w-])", "", needs="/"),  # Rs 500/-
        # South African rand: R20bn, R54 billion, R1.5m.
        rule(
            rf"{EDGE}R ?(?P<whole>[0-9]{{1,3}})(?:\.(?P<rest>[0-9]{{1,2}}))?"
            rf" ?(?P<scale>m|bn|mn|tn|million|billion|trillion){END}",
            rand,
            needs="R",
            starts="R ?[0-9]",
        ),
    )


def _heat(cardinal: Number) -> tuple[Rule, ...]:
    """Spell out degrees without a degree sign: `21C/70F`, `a high of 24C`, `450F`."""

    def heat(match: re.Match[str]) -> str | None:
        if not match["scale"] and _PLACES.search(match.string):
            return None
        if match["scale"] and int(match["heat"]) < _COLD and not _HEAT.search(match.string):
            return None  # at 18F, an agency
        tenth = f" point {cardinal(int(match['tenth']))}" if match["tenth"] else ""
        return f"{cardinal(int(match['heat']))}{tenth} degrees {'Fahrenheit' if match['scale'] else 'Celsius'}"

    return (
        rule(
            rf"(?<![\w.])(?P<celsius>[0-9]{{1,3}}) ?C ?/ ?(?P<fahrenheit>[0-9]{{2,3}}) ?F{END}",
            lambda match: ", ".join(
                f"{cardinal(int(n))} degrees {scale.title()}" for scale, n in match.groupdict().items()
            ),
            needs="C",
            starts=DIGIT,
        ),
        rule(
            rf"(?<![\w.,/-])(?P<heat>[0-9]{{1,3}})\.(?P<tenth>[0-9]) ?(?:C|(?P<scale>F)){END}",
            heat,
            needs="CF",
            starts=DIGIT,
        ),
        # Degrees only in the position of a temperature: not in `5 F students`.
        rule(
            r"(?:(?<=\()|(?<= to )|(?<= at )|(?<= of )|(?<=bove )|(?<=elow )|(?<=eached )|(?<=bout )|(?<=hit ))"
            rf"(?P<heat>[0-9]{{2,3}}|[0-9](?=\.))(?:\.(?P<tenth>[0-9]))?(?: ?(?P<scale>F)|C){END}(?!')",
            heat,
            needs="FC",
            starts=DIGIT,
        ),
    )
