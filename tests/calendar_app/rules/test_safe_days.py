"""The last safe day before a legal one."""

import datetime as dt

import pytest

from calendar_app.rules.safe_days import safe_day


@pytest.mark.parametrize(
    ("due_day", "margin", "review", "day"),
    [
        ("2027-06-09", 0, 0, "2027-06-09"),
        ("2027-06-09", 1, 0, "2027-06-08"),
        ("2027-06-09", 3, 0, "2027-06-04"),
        ("2027-06-09", 10, 0, "2027-05-26"),
        ("2027-06-09", 10, 5, "2027-05-19"),
        ("2027-05-18", 1, 0, "2027-05-14"),  # the Monday is Pentecôte
        ("2027-09-18", 0, 0, "2027-09-17"),  # a Saturday
    ],
)
def test_the_safe_day_leaves_so_many_working_days(due_day, margin, review, day):
    due_day, day = dt.date.fromisoformat(due_day), dt.date.fromisoformat(day)
    assert safe_day(due_day, margin=margin, review=review) == day
