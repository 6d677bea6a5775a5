"""Filters for PERFm and PERFe: exact ratios, counts and months, as people read them."""

import datetime as dt
from fractions import Fraction

from django import template

from segur.lib import paris
from segur.lib.numbers import whole

HUNDREDTHS = 10_000

register = template.Library()
register.filter("count", whole)


@register.filter
def percent(ratio: Fraction) -> str:
    """«97,5 %», exact; else «≈ 33,33 %», cut and never rounded up: 100 % is shown of 100 % only."""
    cut, rest = divmod(ratio.numerator * HUNDREDTHS, ratio.denominator)
    text = f"{cut // 100},{cut % 100:02}"
    return f"≈ {text} %" if rest else f"{text.rstrip('0').rstrip(',')} %"


@register.filter
def month(day: dt.date) -> str:
    """«octobre 2026»."""
    return paris.long_day(day.replace(day=1)).split(maxsplit=2)[2]
