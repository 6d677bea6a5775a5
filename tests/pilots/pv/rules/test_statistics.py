"""Figures of the review, from reviews made up."""

import datetime as dt

import pytest

from pilots.pv.rules.statistics import (
    Decided,
    ReviewGroup,
    flow,
    groups,
    month_of,
    percent,
    reasons,
)
from segur.lib.paris import PARIS

TODAY = dt.date(2027, 2, 10)  # a Wednesday


def at(day, hour=12):
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), tzinfo=PARIS)


def review(day="2027-02-03", days=5, *, is_conform=True, agent="A", why=()):
    return Decided(1, at(day), days, is_conform=is_conform, agent=agent, reasons=why)


def test_weeks_begin_on_monday_and_the_present_one_is_the_last():
    weeks = flow(
        [at("2027-02-07", 23), at("2027-02-08", 0)], [at("2027-02-01")], today=TODAY, weeks=2
    )
    assert [(week.monday.isoformat(), week.received, week.decided) for week in weeks] == [
        ("2027-02-01", 1, 1),
        ("2027-02-08", 1, 0),
    ]


def test_what_is_older_than_the_first_week_is_left_out():
    [week] = flow([at("2027-02-07")], [], today=TODAY, weeks=1)
    assert week.received == 0


def test_a_month_is_that_of_paris():
    midnight = dt.datetime(2027, 1, 31, 23, 30, tzinfo=dt.UTC)
    assert month_of(Decided(1, midnight, 1, is_conform=True)) == dt.date(2027, 2, 1)


@pytest.mark.parametrize(
    ("days", "median", "longest"),
    [([4], 4, 4), ([9, 1, 3], 3, 9), ([1, 2, 3, 10], 2, 10)],
)
def test_delays_of_a_group(days, median, longest):
    [(_name, group)] = groups([review(days=one) for one in days], lambda one: one.agent).items()
    assert (group.median, group.longest) == (median, longest)


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(0, 0, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (3, 3, 100)]
)
def test_a_share_is_the_nearest_percentage(part, whole, expected):
    assert percent(part, whole) == expected
    assert ReviewGroup(whole, part, 0, 0).share == expected


def test_reasons_count_refusals_and_the_most_frequent_comes_first():
    absent = ("Absente", "Client")
    found = [
        review(is_conform=False, why=(absent, ("Absente", "Solution"))),
        review(is_conform=False, why=(absent,)),
        review(is_conform=False, why=(("Autre", "Solution"),)),
    ]
    assert reasons(found, 0) == [("Absente", 2), ("Autre", 1)]
    assert reasons(found, 1) == [("Client", 2), ("Solution", 2)]
