"""The days that a text names."""

import datetime as dt

import pytest

from pilots.pv.rules.days import days_in

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


WHOLE = (
    "5 janvier 2026, 5 février 2026, 5 mars 2026, 5 avril 2026, 5 mai 2026, 5 juin 2026, "
    "5 juillet 2026, 5 août 2026, 5 septembre 2026, 5 octobre 2026, 5 novembre 2026, "
    "5 décembre 2026"
)
SHORT = (
    "5 janv. 2026, 5 févr. 2026, 5 mars 2026, 5 avr. 2026, 5 mai 2026, 5 juin 2026, "
    "5 juil. 2026, 5 aout 2026, 5 sept. 2026, 5 oct. 2026, 5 nov. 2026, 5 déc. 2026"
)


@pytest.mark.parametrize("text", [WHOLE, SHORT], ids=["whole", "short"])
def test_every_month_is_known_by_its_name(text):
    assert days_in(text) == {dt.date(2026, month, 5) for month in range(1, 13)}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1/2/27", {dt.date(2027, 2, 1)}),
        ("1 / 2 / 2027", {dt.date(2027, 2, 1)}),
        ("01/02/00", {dt.date(2000, 2, 1)}),
        ("31/12/99", {dt.date(2099, 12, 31)}),
        ("32/12/2026", set()),
        ("10/13/2026", set()),
        ("0/11/2026", set()),
        ("12026-11-10", set()),
        ("110 novembre 2026", set()),
    ],
)
def test_what_is_a_day_of_the_calendar(text, days):
    assert days_in(text) == days
