"""The eleven national holidays of article L3133-1 of the Code du travail.

Alsace-Moselle and overseas days are left out: DOMAIN §4 and §9 make them a parameter, off.
"""

import datetime as dt
from functools import cache

import holidays


@cache
def national_holidays(year: int) -> dict[dt.date, str]:
    """The holidays of `year`, day → French name."""
    calendar = holidays.country_holidays(
        "FR", years=year, categories=holidays.PUBLIC, language="fr"
    )
    return dict(sorted(calendar.items()))


def is_holiday(day: dt.date) -> bool:
    """Whether the day is one of the eleven."""
    return day in national_holidays(day.year)
