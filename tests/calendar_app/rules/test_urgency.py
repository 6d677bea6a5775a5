"""The order of the first screen."""

import datetime as dt

import pytest

from calendar_app.rules.urgency import Alike, Urgent, by_urgency, folded
from segur.lib.remaining import Meaning

NOW = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def urgent(what, **fields):
    return Urgent(what, "/", "Ouvrir", **fields)


def test_today_then_late_then_waiting_then_to_come():
    lines = [
        urgent("in a week", due_at=NOW + 168 * HOUR),
        urgent("late since a year", due_at=NOW - 8760 * HOUR),
        urgent("waits since yesterday", since=NOW - 24 * HOUR),
        urgent("in two hours", due_at=NOW + 2 * HOUR),
        urgent("blocks", is_blocking=True),
        urgent("waits since nobody knows when"),
        urgent("waits since a month", since=NOW - 720 * HOUR),
        urgent("late since an hour", due_at=NOW - HOUR),
        urgent("in ten minutes", due_at=NOW + HOUR / 6),
    ]
    assert [line.what for line in by_urgency(lines, NOW)] == [
        "in ten minutes",
        "in two hours",
        "late since an hour",
        "late since a year",
        "blocks",
        "waits since a month",
        "waits since yesterday",
        "waits since nobody knows when",
        "in a week",
    ]


@pytest.mark.parametrize(
    ("due_at", "today", "meaning"),
    [
        (NOW - HOUR / 3600, False, Meaning.LATE),
        (NOW, False, Meaning.LATE),
        (NOW + HOUR / 3600, True, Meaning.SOON),
        (NOW + 24 * HOUR, True, Meaning.SOON),
        (NOW + 24 * HOUR + HOUR / 3600, False, Meaning.TO_COME),
    ],
)
def test_today_is_what_can_be_kept_within_24_hours(due_at, today, meaning):
    line = urgent("one", due_at=due_at)
    assert (line.is_today(NOW), line.meaning(NOW)) == (today, meaning)


def test_equal_instants_have_one_order():
    lines = [urgent("b", due_at=NOW), urgent("a", due_at=NOW)]
    assert [line.what for line in by_urgency(lines, NOW)] == ["a", "b"]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (3, ["0", "1", "2"]),
        (4, ["0", "1", "2", "3"]),
        (5, ["0", "1", "2", "2 autres PV"]),
        (40, ["0", "1", "2", "37 autres PV"]),
    ],
)
def test_beyond_three_of_a_kind_the_others_are_one_line(count, shown):
    alike = Alike("PV", "/pv/")
    lines = [urgent(str(n), due_at=NOW + n * HOUR, alike=alike) for n in range(count)]
    others = [urgent("alone", since=NOW)]
    assert [line.what for line in folded([*lines, *others])] == [*shown, "alone"]


def test_the_line_of_all_the_others_has_the_date_of_their_first_and_leads_to_the_list():
    alike = Alike("PV", "/pv/", "Voir les PV")
    lines = [urgent(str(n), due_at=NOW + n * HOUR, alike=alike) for n in range(6)]
    rest = folded(lines)[-1]
    assert (rest.due_at, rest.url, rest.act) == (NOW + 3 * HOUR, "/pv/", "Voir les PV")


def test_kinds_fold_apart():
    kinds = [Alike("PV", "/pv/"), Alike("tickets", "/tickets/")]
    lines = [urgent(f"{n}", alike=kinds[n % 2]) for n in range(10)]
    assert [line.what for line in folded(lines)][-2:] == ["2 autres PV", "2 autres tickets"]
