"""The pace of the realisations: today's, the one that is needed, and where they lead."""

import datetime as dt
from decimal import Decimal

import pytest

from calendar_app.rules.pace import Pace, monday
from segur.lib.charts import curves

TODAY = dt.date(2026, 11, 30)
DUE = dt.date(2027, 6, 9)


def pace(by_day, left, today=TODAY, due_day=DUE):
    days = {dt.date.fromisoformat(day): count for day, count in by_day.items()}
    return Pace(days, left, today, due_day)


@pytest.mark.parametrize(
    ("by_day", "left", "per_week", "ends_on", "gap"),
    [
        ({}, 40, "0.0", None, None),
        ({"2026-10-06": 8, "2026-11-20": 8}, 0, "2.0", None, None),
        # 16 in 56 days: 2 a week, 40 left are 20 weeks
        ({"2026-10-06": 8, "2026-11-20": 8}, 40, "2.0", "2027-04-19", -51),
        ({"2026-10-06": 8, "2026-11-20": 8}, 55, "2.0", "2027-06-11", 2),
        ({"2026-10-06": 8, "2026-11-20": 8}, 54, "2.0", "2027-06-07", -2),
        # the day before the window does not count any more
        ({"2026-10-05": 8, "2026-11-20": 8}, 40, "1.0", "2027-09-06", 89),
        # begun four days ago: measured on a week
        ({"2026-11-26": 3}, 6, "3.0", "2026-12-14", -177),
        # begun twenty days ago
        ({"2026-11-11": 2}, 1, "0.7", "2026-12-10", -181),
    ],
)
def test_where_today_s_pace_leads(by_day, left, per_week, ends_on, gap):
    found = pace(by_day, left)
    assert found.per_week == Decimal(per_week)
    assert found.ends_on == (dt.date.fromisoformat(ends_on) if ends_on else None)
    assert found.gap == gap


@pytest.mark.parametrize(
    ("left", "today", "needed"),
    [
        (27, "2026-12-02", "1.0"),  # 189 days: 27 weeks exactly
        (28, "2026-12-02", "1.1"),  # rounded up
        (1, "2027-06-08", "7.0"),
        (1, "2027-06-09", None),
        (1, "2027-06-10", None),
        (0, "2026-12-02", None),
    ],
)
def test_the_pace_that_is_needed(left, today, needed):
    found = pace({}, left, today=dt.date.fromisoformat(today))
    assert found.needed == (Decimal(needed) if needed else None)


def test_without_a_legal_date_nothing_is_needed_and_nothing_late():
    found = pace({"2026-11-20": 8}, 8, due_day=None)
    assert (found.needed, found.gap) == (None, None)
    assert [marker.label for marker in found.markers()] == ["aujourd'hui"]


def test_weeks_have_no_hole():
    found = pace({"2026-11-10": 2, "2026-11-30": 1}, 5)
    assert [(f"{day:%d/%m}", count) for day, count in found.weeks()] == [
        ("09/11", 2),
        ("16/11", 0),
        ("23/11", 0),
        ("30/11", 1),
    ]


def test_the_burn_up_has_three_named_lines():
    found = pace({"2026-10-06": 8, "2026-11-20": 8}, 40)
    done, needed, at_this_pace = found.series()
    assert [one.label for one in found.series()] == ["Fait", "Nécessaire", "À ce rythme"]
    assert done.points[0] == (dt.date(2026, 10, 5), 0)
    assert done.points[-1] == (TODAY, 16)
    assert needed.points == [(TODAY, 16), (DUE, 56)]
    assert at_this_pace.points == [(TODAY, 16), (dt.date(2027, 4, 19), 56)]


def test_a_slow_pace_leaves_the_picture_before_its_end():
    found = pace({"2026-11-20": 1, "2026-10-06": 1}, 100)
    end, value = found.series()[-1].points[-1]
    assert end == DUE + dt.timedelta(days=182)
    assert value < 102


@pytest.mark.parametrize("by_day", [{}, {"2026-11-30": 1}, {"2026-11-30": 1, "2024-01-02": 3}])
@pytest.mark.parametrize("left", [0, 1, 38_000])
def test_every_pace_can_be_drawn(by_day, left):
    found = pace(by_day, left)
    assert curves(found.series(), markers=found.markers()).height > 200


def test_a_week_begins_on_monday():
    assert monday(dt.date(2026, 11, 29)) == dt.date(2026, 11, 23)
    assert monday(dt.date(2026, 11, 30)) == dt.date(2026, 11, 30)
