"""When reminders leave: every date written out, for the Europe/Paris clock."""

import datetime as dt

import pytest

from accounts.enums import Role
from calendar_app.models import Milestone
from calendar_app.rules.steps import (
    DEFAULT_STEPS,
    days_left,
    may_send,
    next_opening,
    reminded_roles,
    send_instant,
    step_label,
)
from segur.lib import paris
from segur.lib.national_holidays import national_holidays
from segur.lib.workdays import is_working_day

# J-90, J-60, J-30, J-15, J-7, J-3, J-1, Jour J, J+1, J+7
DOSSIER_ADMINISTRATIF = (
    "12/06/2025 11/07/2025 11/08/2025 26/08/2025 03/09/2025 "
    "05/09/2025 09/09/2025 10/09/2025 11/09/2025 17/09/2025"
)
# J-3 is Sunday 10/05/2026, Saturday 9, and the 8th a holiday; J+1 is Ascension Day.
PREUVES = (
    "12/02/2026 13/03/2026 13/04/2026 28/04/2026 06/05/2026 "
    "07/05/2026 12/05/2026 13/05/2026 15/05/2026 20/05/2026"
)
ECHANGES = (
    "18/06/2026 17/07/2026 17/08/2026 01/09/2026 09/09/2026 "
    "11/09/2026 15/09/2026 16/09/2026 17/09/2026 23/09/2026"
)
# J+1 is the 11th of November.
AVANCE = (
    "12/08/2026 11/09/2026 09/10/2026 26/10/2026 03/11/2026 "
    "06/11/2026 09/11/2026 10/11/2026 12/11/2026 17/11/2026"
)
LEAVES_ON = {
    "ris-1": DOSSIER_ADMINISTRATIF,
    "ris-2": PREUVES,
    "ris-3": ECHANGES,
    "ris-4": AVANCE,
    "ris-5": (
        "11/03/2027 09/04/2027 10/05/2027 25/05/2027 02/06/2027 "
        "04/06/2027 08/06/2027 09/06/2027 10/06/2027 16/06/2027"
    ),
    "ris-6": (
        "24/06/2027 23/07/2027 23/08/2027 07/09/2027 15/09/2027 "
        "17/09/2027 21/09/2027 22/09/2027 23/09/2027 29/09/2027"
    ),
    "drimbox-1": DOSSIER_ADMINISTRATIF,
    "drimbox-2": PREUVES,
    "drimbox-3": ECHANGES,
    "drimbox-4": AVANCE,
    "drimbox-5": (
        "17/06/2027 16/07/2027 16/08/2027 31/08/2027 08/09/2027 "
        "10/09/2027 14/09/2027 15/09/2027 16/09/2027 22/09/2027"
    ),
    "drimbox-6": (
        "16/09/2027 15/10/2027 15/11/2027 30/11/2027 08/12/2027 "
        "10/12/2027 14/12/2027 15/12/2027 16/12/2027 22/12/2027"
    ),
}


def at(text: str) -> dt.datetime:
    """«2027-09-15 09:00» on the Paris clock."""
    moment = dt.datetime.fromisoformat(text)
    return paris.at(moment.date(), moment.time())


def test_the_steps_are_those_of_the_design():
    assert " ".join(map(step_label, DEFAULT_STEPS)) == (
        "J-90 J-60 J-30 J-15 J-7 J-3 J-1 Jour J J+1 J+7"
    )


@pytest.mark.usefixtures("calendars")
def test_step_dates_of_the_twelve_milestones():
    found = {
        milestone.code: " ".join(
            paris.local(send_instant(milestone.due_at, step)).strftime("%d/%m/%Y")
            for step in DEFAULT_STEPS
        )
        for milestone in Milestone.objects.all()
    }

    assert found == LEAVES_ON


@pytest.mark.usefixtures("calendars")
def test_every_step_of_every_milestone_leaves_at_nine_in_paris():
    instants = [
        send_instant(due_at, step)
        for due_at in Milestone.objects.values_list("due_at", flat=True)
        for step in DEFAULT_STEPS
    ]

    assert {paris.clock(instant) for instant in instants} == {"9h"}
    assert {instant.hour for instant in instants} == {7, 8}  # UTC, summer and winter


DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=i) for i in range(4 * 365 + 1)]


@pytest.mark.parametrize("step", [30, 7, 1, 0, -1, -7])
def test_no_step_ever_leaves_on_a_weekend_or_holiday(step):
    for day in DAYS:
        sent = paris.day(send_instant(paris.at(day, dt.time(12)), step))
        assert is_working_day(sent), (day, step, sent)


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_around_each_holiday_early_steps_go_back_and_overdue_steps_go_on(year):
    """To the nearest working day, and not one further."""
    one = dt.timedelta(days=1)
    for holiday in national_holidays(year):
        for near in (holiday - one, holiday, holiday + one):
            before = paris.day(send_instant(paris.at(near + 7 * one, dt.time(12)), 7))
            after = paris.day(send_instant(paris.at(near - one, dt.time(12)), -1))
            assert before <= near <= after
            skipped = [day for day in DAYS if before < day <= near or near <= day < after]
            assert not any(map(is_working_day, skipped)), (holiday, near)


def test_overdue_step_of_a_friday_deadline_leaves_on_monday_not_before_the_deadline():
    friday = at("2027-05-07 12:00")

    assert send_instant(friday, -1) == at("2027-05-10 09:00")
    assert send_instant(friday, 0) == at("2027-05-07 09:00")


@pytest.mark.parametrize("step", [s for s in DEFAULT_STEPS if s < 0])
def test_overdue_steps_always_leave_after_the_deadline(step):
    for day in DAYS:
        due_at = paris.at(day, dt.time(23, 59))
        assert send_instant(due_at, step) > due_at


@pytest.mark.parametrize("clock", ["00:00", "08:00", "09:00", "12:00", "23:59"])
def test_steps_before_the_deadline_always_leave_before_it(clock):
    for day in DAYS:
        due_at = paris.at(day, dt.time.fromisoformat(clock))
        assert all(send_instant(due_at, step) < due_at for step in (7, 1, 0))


@pytest.mark.parametrize(
    ("due", "sent"),
    [
        ("2027-09-22 09:01", "2027-09-22 09:00"),
        ("2027-09-22 09:00", "2027-09-21 09:00"),
        ("2027-09-22 08:59", "2027-09-21 09:00"),
        ("2027-09-20 08:00", "2027-09-17 09:00"),  # a Monday
    ],
)
def test_the_morning_of_the_day_goes_out_the_working_day_before_where_nine_is_too_late(due, sent):
    assert send_instant(at(due), 0) == at(sent)


def test_delay_that_ends_at_midnight_has_the_day_before_as_its_last():
    midnight = at("2027-09-16 00:00")

    assert paris.last_day(midnight) == dt.date(2027, 9, 15)
    assert send_instant(midnight, 0) == at("2027-09-15 09:00")
    assert paris.last_day(at("2027-09-16 00:01")) == dt.date(2027, 9, 16)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2027-09-15 00:00", 7),
        ("2027-09-15 23:59", 7),
        ("2027-09-22 11:59", 0),
        ("2027-09-23 00:00", -1),
    ],
)
def test_days_left_are_paris_days(now, days):
    assert days_left(at("2027-09-22 12:00"), at(now)) == days


@pytest.mark.parametrize(
    ("step", "label"), [(90, "J-90"), (7, "J-7"), (0, "Jour J"), (-1, "J+1"), (-7, "J+7")]
)
def test_label(step, label):
    assert step_label(step) == label


DUE = "2027-09-22 12:00"  # a Wednesday


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        ("2027-09-15 08:59", False),
        ("2027-09-15 09:00", True),
        ("2027-09-15 18:59", True),
        ("2027-09-15 19:00", False),
        ("2027-09-18 10:00", False),  # Saturday
        ("2027-09-19 10:00", False),  # Sunday
        ("2027-07-14 10:00", False),  # holiday
        ("2027-09-22 06:59", False),
        ("2027-09-22 07:00", True),  # the last day
        ("2027-09-22 11:59", True),
        ("2027-09-22 19:30", False),  # the last day, but too late for it
        ("2027-09-23 07:30", False),
    ],
)
def test_hours(now, allowed):
    assert may_send(at(now), at(DUE)) is allowed


@pytest.mark.parametrize(
    ("due", "now", "allowed"),
    [
        ("2027-09-22 08:00", "2027-09-22 07:59", True),
        ("2027-09-22 08:00", "2027-09-22 08:00", False),
        ("2027-09-22 08:00", "2027-09-22 08:01", False),
        ("2027-09-22 21:00", "2027-09-22 20:59", True),
        ("2027-09-22 21:00", "2027-09-22 21:00", False),
    ],
)
def test_outside_the_usual_hours_the_last_day_is_open_until_the_deadline(due, now, allowed):
    assert may_send(at(now), at(due)) is allowed


def test_last_day_in_the_evening_is_open_for_a_deadline_of_that_night():
    assert may_send(at("2027-09-22 21:00"), at("2027-09-22 23:59"))


def test_last_day_that_is_a_sunday_opens_nothing():
    assert not may_send(at("2027-09-19 10:00"), at("2027-09-19 12:00"))


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2027-09-15 08:59", "2027-09-15 09:00"),
        ("2027-09-15 09:00", "2027-09-16 09:00"),
        ("2027-09-17 19:00", "2027-09-20 09:00"),  # Friday evening
        ("2027-05-14 19:00", "2027-05-18 09:00"),  # Pentecôte
        ("2027-12-24 20:00", "2027-12-27 09:00"),
    ],
)
def test_next_opening(now, opening):
    assert next_opening(at(now)) == at(opening)


ALL = {Role.SALARIE, Role.REPRESENTANT, Role.MANDATAIRE}


@pytest.mark.parametrize(
    ("step", "present", "reminded"),
    [
        (90, ALL, {Role.SALARIE}),
        (15, ALL, {Role.SALARIE}),
        (8, ALL, {Role.SALARIE}),
        (7, ALL, {Role.SALARIE, Role.REPRESENTANT}),
        (4, ALL, {Role.SALARIE, Role.REPRESENTANT}),
        (3, ALL, ALL),
        (0, ALL, ALL),
        (-1, ALL, ALL),
        (-7, ALL, ALL),
        (30, {Role.REPRESENTANT, Role.MANDATAIRE}, {Role.REPRESENTANT}),
        (30, {Role.MANDATAIRE}, {Role.MANDATAIRE}),
    ],
)
def test_roles_reminded(step, present, reminded):
    assert reminded_roles(step, present) == reminded


def test_nobody_is_first_where_there_is_nobody():
    assert reminded_roles(30, set()) == set()
