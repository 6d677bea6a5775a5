"""The order of the review: margins, working days, the median of what was measured."""

import datetime as dt

import pytest

from pilots.enums import PVState
from pilots.pv.rules.queue import QueueStep, Risk, reviews, risk, usual, waited
from segur.lib.paris import PARIS

S = PVState


def at(day, hour=12):
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), tzinfo=PARIS)


@pytest.mark.parametrize(
    "case",
    [
        ("2027-09-01", "2027-09-22", 5, "2027-09-15", 10, False, False),
        # soon: fewer than five working days of margin
        ("2027-09-07", "2027-09-22", 5, "2027-09-15", 6, False, False),
        ("2027-09-08", "2027-09-22", 5, "2027-09-15", 5, False, False),
        ("2027-09-09", "2027-09-22", 5, "2027-09-15", 4, False, True),
        ("2027-09-15", "2027-09-22", 5, "2027-09-15", 0, False, True),
        ("2027-09-16", "2027-09-22", 5, "2027-09-15", -1, True, False),
        ("2027-09-22", "2027-09-22", 5, "2027-09-15", -5, True, False),
        ("2027-09-24", "2027-09-22", 5, "2027-09-15", -7, True, False),
        # a Saturday is no working day: the margin is that of Monday
        ("2027-09-11", "2027-09-22", 5, "2027-09-15", 2, False, True),
        ("2027-09-13", "2027-09-22", 5, "2027-09-15", 2, False, True),
        # nothing to review: until the day before the legal date, itself not counted
        ("2027-09-21", "2027-09-22", 0, "2027-09-22", 1, False, True),
        # 14 July is a holiday
        ("2027-07-12", "2027-07-16", 2, "2027-07-13", 1, False, True),
        # Easter Monday and the week-end before it
        ("2027-03-25", "2027-03-31", 2, "2027-03-26", 1, False, True),
    ],
)
def test_margin_is_the_legal_date_less_the_usual_time(case):
    today, legal, days, *expected = case
    found = risk(at(legal), at(today, 9), usual=days)
    assert [found.act_by.isoformat(), found.margin, found.is_late, found.is_soon] == expected


@pytest.mark.parametrize(
    ("margin", "words"),
    [
        (205, "205 j ouvrés"),
        (2, "2 j ouvrés"),
        (1, "1 j ouvré"),
        (0, "aucun jour ouvré"),
        (-1, "dépassée de 1 j ouvré"),
        (-3, "dépassée de 3 j ouvrés"),
    ],
)
def test_the_margin_in_words(margin, words):
    assert Risk(at("2027-09-22"), dt.date(2027, 9, 15), margin).words == words


def test_a_delay_until_midnight_ends_with_its_day():
    midnight = dt.datetime(2027, 9, 23, tzinfo=PARIS)
    assert risk(midnight, at("2027-09-01"), usual=5).act_by == dt.date(2027, 9, 15)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (at("2027-02-12", 18), at("2027-02-12", 19), 0),
        (at("2027-02-12", 18), at("2027-02-15", 9), 1),
        (at("2027-02-13"), at("2027-02-14"), 0),
        (at("2026-12-24"), at("2026-12-28"), 1),
        (dt.datetime(2027, 2, 11, 23, 30, tzinfo=dt.UTC), at("2027-02-12"), 0),
    ],
)
def test_waiting_counts_paris_working_days(since, until, days):
    assert waited(since, until) == days


HISTORIES = {
    "decided after two working days": ([(S.SIGNED, S.SENT, 1), (S.IN_REVIEW, S.CONFORM, 3)], [2]),
    "what the Fournisseur takes to correct is left out": (
        [
            (S.SIGNED, S.SENT, 1),
            (S.IN_REVIEW, S.NOT_CONFORM, 2),
            (S.SIGNED, S.SENT, 18),
            (S.IN_REVIEW, S.CONFORM, 19),
        ],
        [1, 1],
    ),
    "a sending taken back was not reviewed": (
        [
            (S.SIGNED, S.SENT, 1),
            (S.SENT, S.SIGNED, 4),
            (S.SIGNED, S.SENT, 8),
            (S.IN_REVIEW, S.CONFORM, 9),
        ],
        [1],
    ),
    "taken back for good, it was never reviewed": (
        [(S.SIGNED, S.SENT, 1), (S.SENT, S.SIGNED, 4), (S.IN_REVIEW, S.CONFORM, 9)],
        [],
    ),
    "given back to the queue it still waits": (
        [(S.SIGNED, S.SENT, 1), (S.IN_REVIEW, S.SENT, 3), (S.IN_REVIEW, S.CONFORM, 5)],
        [4],
    ),
    "a second agent who does not agree takes the time of the ANS": (
        [
            (S.SIGNED, S.SENT, 1),
            (S.IN_REVIEW, S.TO_CONFIRM, 2),
            (S.TO_CONFIRM, S.IN_REVIEW, 4),
            (S.IN_REVIEW, S.CONFORM, 5),
        ],
        [4],
    ),
    "reopened it has not ended": (
        [
            (S.SIGNED, S.SENT, 1),
            (S.IN_REVIEW, S.CONFORM, 3),
            (S.CONFORM, S.IN_REVIEW, 10),
        ],
        [],
    ),
    "decided again, what lay between the decision and the reopening is left out": (
        [
            (S.SIGNED, S.SENT, 1),
            (S.IN_REVIEW, S.CONFORM, 3),
            (S.CONFORM, S.IN_REVIEW, 10),
            (S.IN_REVIEW, S.NOT_CONFORM, 11),
            (S.SIGNED, S.SENT, 15),
            (S.IN_REVIEW, S.CONFORM, 16),
        ],
        [3, 1],
    ),
    "a reopening without a known decision": ([(S.CONFORM, S.IN_REVIEW, 3)], []),
    "not decided yet": ([(S.SIGNED, S.SENT, 1), (S.SENT, S.IN_REVIEW, 2)], []),
    "decided without a known sending": ([(S.IN_REVIEW, S.CONFORM, 2)], []),
}


@pytest.mark.parametrize("case", HISTORIES)
def test_reviews(case):
    steps, found = HISTORIES[case]
    made = [QueueStep(1, b, a, at(f"2027-02-{day:02}")) for b, a, day in steps]
    assert [one.days for one in reviews(made)] == found


def test_two_pv_are_measured_apart():
    steps = [
        QueueStep(1, S.SIGNED, S.SENT, at("2027-02-01")),
        QueueStep(2, S.SIGNED, S.SENT, at("2027-02-02")),
        QueueStep(1, S.IN_REVIEW, S.CONFORM, at("2027-02-04")),
        QueueStep(2, S.IN_REVIEW, S.CONFORM, at("2027-02-03")),
    ]
    assert sorted(one.days for one in reviews(steps)) == [1, 3]


@pytest.mark.parametrize(("durations", "found"), [([], 10), ([4], 4), ([1, 3, 90], 3), ([2, 4], 2)])
def test_usual_is_the_median(durations, found):
    assert usual(durations, default=10) == found
