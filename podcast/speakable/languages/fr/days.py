# SPDX-License-Identifier: GPL-3.0-or-later
"""French dates with a slash between two days, `les 17/18 juin`, and months in digits."""

import re

from podcast.speakable.engine import DIGIT, END, Rule, any_of, last_dot, rule
from podcast.speakable.rules.measures import Grammar
from podcast.speakable.tables import Tables


def double_days(speech: Grammar, tables: Tables) -> tuple[Rule, ...]:
    """Spell out `les 17/18 juin`, `du 3/9 mai` and `04/2019`."""
    short: dict[str, int] = tables["month_short"]
    months = tables["months"].split()
    names = any_of([*months, *short])
    dotted = "".join(f"(?<! {month})" for month in months)  # the dot of a whole month ends the sentence

    def days(match: re.Match[str]) -> str | None:
        first, second = int(match["a"].removesuffix("er")), int(match["b"])
        if not first < second <= 31:
            return None
        joint = "et" if second == first + 1 and not match["from"] else "au"
        begin = "premier" if first == 1 else speech.cardinal(first)
        said = f"{match['from'] or ''}{begin} {joint} {speech.cardinal(second)}"
        if not match["month"]:
            return said
        month = match["month"].lower()
        dot = "." if match.group().endswith(".") and last_dot(match) else ""
        return f"{said} {months[short[month] - 1] if month in short else month}{dot}"

    return (
        rule(
            r"(?<![\w.,/-])(?P<m>0[1-9]|1[0-2])/(?P<y>(?:19|20)[0-9]{2})(?![\w/-]|[.,][0-9])",
            lambda match: f"{months[int(match['m']) - 1]} {speech.cardinal(int(match['y']))}",
            needs="/",
            starts=DIGIT,
        ),
        rule(
            rf"(?P<from>(?<![^\W_])[Dd]u )?(?<![\w.,/-])(?P<a>1er|[0-9]{{1,2}})/(?P<b>[0-9]{{1,2}})"
            rf"(?:(?= et [0-9]{{1,2}}/[0-9]{{1,2}} (?i:{names}){END})| (?P<month>(?i:{names})){END}(?:{dotted}\.)?)",
            days,
            needs="/",
        ),
    )
