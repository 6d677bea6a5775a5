"""The eleven national holidays of article L3133-1 of the Code du travail.

Alsace-Moselle and overseas days are a parameter, off (DOMAIN §4 and §9): `subdivision` adds them.
"""

import datetime as dt
from functools import cache

import holidays


@cache
def national_holidays(year: int, subdivision: str = "") -> dict[dt.date, str]:
    """The holidays of `year`, day → French name; with the own days of a subdivision, if given.

    `subdivision` is a code of the `holidays` package: a département («57»), or a territory («GP»).
    """
    calendar = holidays.country_holidays(
        "FR",
        subdiv=subdivision or None,
        years=year,
        categories=holidays.PUBLIC,
        language="fr",
    )
    return dict(sorted(calendar.items()))


def is_holiday(day: dt.date) -> bool:
    """Whether the day is one of the eleven."""
    return day in national_holidays(day.year)
