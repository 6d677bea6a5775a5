"""The days that a text names."""

import datetime as dt

import pytest

from pilots.rules.days import days_in

THE_TENTH = {dt.date(2026, 11, 10)}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("10/11/2026", THE_TENTH),
        ("Le 10-11-26.", THE_TENTH),
        ("10.11.2026", THE_TENTH),
        ("2026-11-10", THE_TENTH),
        ("mardi 10 novembre 2026 au matin", THE_TENTH),
        ("10 nov. 2026", THE_TENTH),
        ("1er août 2026", {dt.date(2026, 8, 1)}),
        ("3 FÉVRIER 2027", {dt.date(2027, 2, 3)}),
        ("15 déc. 2026", {dt.date(2026, 12, 15)}),
        ("du 9/11/2026 au 10/11/2026", {dt.date(2026, 11, 9), *THE_TENTH}),
        ("31/02/2026", set()),
        ("n° 10/11/20261", set()),
        ("12 postes 2026", set()),
        ("Réalisée en novembre 2026.", set()),
        ("", set()),
    ],
)
def test_days_as_people_write_them(text, days):
    assert days_in(text) == days
