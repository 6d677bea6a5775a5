"""The holidays of article L3133-1, written out by hand from the dates of Easter Sunday."""

import datetime as dt

import pytest

from segur.lib.national_holidays import is_holiday, national_holidays

FIXED = ("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25")
MOVABLE = {  # Easter Monday, Ascension, Whit Monday
    2025: ("04-21", "05-29", "06-09"),
    2026: ("04-06", "05-14", "05-25"),
    2027: ("03-29", "05-06", "05-17"),
    2028: ("04-17", "05-25", "06-05"),
    2029: ("04-02", "05-10", "05-21"),
    2030: ("04-22", "05-30", "06-10"),
    2031: ("04-14", "05-22", "06-02"),
    2032: ("03-29", "05-06", "05-17"),
    2033: ("04-18", "05-26", "06-06"),
    2034: ("04-10", "05-18", "05-29"),
    2035: ("03-26", "05-03", "05-14"),
}


@pytest.mark.parametrize("year", MOVABLE)
def test_the_eleven_days_of_each_year(year):
    written = {dt.date.fromisoformat(f"{year}-{day}") for day in FIXED + MOVABLE[year]}
    assert len(written) == 11
    assert set(national_holidays(year)) == written


@pytest.mark.parametrize(
    ("day", "why_not"),
    [
        ("2027-03-26", "Good Friday: Alsace-Moselle only"),
        ("2026-12-26", "the second day of Christmas: Alsace-Moselle only"),
        ("2027-05-22", "the end of slavery in Martinique: overseas"),
        ("2027-03-28", "Easter Sunday is a Sunday, not a holiday of the law"),
    ],
)
def test_days_that_are_not_national(day, why_not):
    assert not is_holiday(dt.date.fromisoformat(day)), why_not


def test_they_have_french_names():
    names = national_holidays(2027)
    assert names[dt.date(2027, 5, 17)] == "Lundi de Pentecôte"
    assert names[dt.date(2027, 3, 29)] == "Lundi de Pâques"


@pytest.mark.parametrize(
    ("subdivision", "day", "name"),
    [
        ("57", "2027-03-26", "Vendredi saint"),
        ("57", "2026-12-26", "Saint-Étienne"),
        ("GP", "2027-05-27", "Abolition de l'esclavage"),
    ],
)
def test_a_subdivision_adds_its_own_days_to_the_national_ones(subdivision, day, name):
    date = dt.date.fromisoformat(day)
    added = national_holidays(date.year, subdivision)
    assert added[date] == name
    assert added.keys() > national_holidays(date.year).keys()
