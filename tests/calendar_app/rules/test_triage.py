import datetime as dt
from dataclasses import replace

import pytest

from calendar_app.rules.triage import CLOSED, LEFT, MOVED, NEARER, DueReminder, triage
from calendar_app.rules.wishes import Answer
from segur.lib import paris

NOON = paris.at(dt.date(2027, 9, 22), dt.time(12))
NOW = paris.at(dt.date(2027, 9, 15), dt.time(9))
NIGHT = paris.at(dt.date(2027, 9, 15), dt.time(23))
ROW = DueReminder(
    key="J-7",
    recipient_id=1,
    subject=("", 1),
    step=7,
    last_at=NOON,
    is_current=True,
    is_open=True,
    is_concerned=True,
    is_outrun=False,
    answer=Answer.YES,
)


def test_due_reminder_leaves():
    assert triage([ROW], NOW).go == ["J-7"]


def test_only_the_nearest_step_of_a_deadline_leaves():
    late = [replace(ROW, key=f"J-{step}", step=step) for step in (30, 7, 15)]

    result = triage(late, NOW)

    assert result.go == ["J-7"]
    assert result.superseded == {NEARER: ["J-15", "J-30"]}


def test_overdue_step_is_nearer_than_the_day_itself():
    rows = [replace(ROW, key=str(step), step=step) for step in (0, -1)]

    assert triage(rows, NOW).go == ["-1"]


def test_steps_of_other_deadlines_and_of_other_people_are_apart():
    rows = [
        ROW,
        replace(ROW, key="other deadline", subject=("", 2), step=30),
        replace(ROW, key="other person", recipient_id=2, step=30),
    ]

    assert triage(rows, NOW).go == ["J-7", "other deadline", "other person"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_open": False}, CLOSED),
        ({"is_concerned": False}, LEFT),
        ({"answer": Answer.NO_STEP}, Answer.NO_STEP.value),
    ],
)
def test_refused_reminder_is_cancelled_with_its_reason(change, reason):
    result = triage([replace(ROW, **change)], NOW)

    assert result.cancelled == {reason: ["J-7"]}
    assert not result.go


@pytest.mark.parametrize(
    ("change", "reason"), [({"is_current": False}, MOVED), ({"is_outrun": True}, NEARER)]
)
def test_overtaken_reminder_is_superseded_with_its_reason(change, reason):
    assert triage([replace(ROW, **change)], NOW).superseded == {reason: ["J-7"]}


def test_without_mail_it_is_shown_on_the_site_at_its_nearest_step():
    late = [replace(ROW, key=f"J-{step}", step=step, answer=Answer.NO_KIND) for step in (30, 7)]

    result = triage([*late, replace(ROW, key="other", subject=("", 2))], NOW)

    assert (result.go, result.shown) == (["other"], ["J-7"])
    assert result.superseded == {NEARER: ["J-30"]}


def test_step_that_is_refused_does_not_hide_one_that_is_wanted():
    rows = [replace(ROW, key="J-15", step=15), replace(ROW, answer=Answer.NO_STEP)]

    assert triage(rows, NOW).go == ["J-15"]


def test_pause_and_closed_hours_wait():
    paused = replace(ROW, key="paused", answer=Answer.LATER)

    assert triage([paused], NOW).paused == ["paused"]
    assert triage([ROW, paused], NIGHT).closed_hours == ["J-7"]


def test_filed_during_the_pause_does_not_wait_for_its_end():
    row = replace(ROW, answer=Answer.LATER, is_open=False)

    assert triage([row], NOW).cancelled == {CLOSED: ["J-7"]}
