"""What is measured of the work of the background, each on its threshold and beyond it."""

import datetime as dt

import pytest

from calendar_app.services import reminders
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL
from operations.models import Failure, Pulse
from operations.rules.measures import troubles
from operations.selectors.work import measures
from tests.calendar_app.reminding import J_7, at, solde
from tests.factories import OrganisationFactory, member
from tests.operations.signs import alive

NOW = at("2027-01-13 10:00")
SECOND = dt.timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def bad(now=NOW) -> list[str]:
    return [measure.name for measure in troubles(measures(now=now))]


def queued(**fields) -> OutgoingMail:
    number = OutgoingMail.objects.count()
    values = {"kind": ACCOUNT_MAIL, "to_email": "a@exemple.example", "message_id": f"<{number}@x>"}
    return OutgoingMail.objects.create(**values, **fields)


def test_a_new_site_has_shown_no_sign_of_life():
    assert bad() == ["beat", "work", "dispatch", "workers"]


def test_a_site_at_work_is_well():
    alive(NOW)
    assert bad() == []


@pytest.mark.parametrize(
    ("sign", "limit", "turned"),
    [
        ("beat", 300, ["beat"]),
        ("work", 300, ["work"]),
        ("dispatch", 600, ["dispatch"]),
        ("worker", 300, ["workers", "dead_workers"]),
    ],
)
def test_each_sign_of_life_has_its_limit(sign, limit, turned):
    alive(NOW, **{sign: limit})
    assert bad() == []
    alive(NOW, **{sign: limit + 1})
    assert bad() == turned


def test_one_dead_worker_of_two_shows():
    alive(NOW)
    Pulse.objects.create(name="worker:celery@b", at=NOW - dt.timedelta(minutes=6))
    assert bad() == ["dead_workers"]


@pytest.mark.parametrize(("age", "turned"), [(3600, []), (3601, ["mail"])])
@pytest.mark.parametrize(
    "waiting",
    [
        lambda written: {"next_attempt_at": written},
        lambda written: {
            "created_at": written,
            "attempts": 3,
            "next_attempt_at": NOW + dt.timedelta(hours=3),
        },
    ],
    ids=["due", "put off by the relay"],
)
def test_a_mail_that_does_not_leave_shows(waiting, age, turned):
    alive(NOW)
    queued(**waiting(NOW - age * SECOND))
    assert bad() == turned


def test_a_mail_that_waits_for_its_hour_is_no_trouble():
    alive(NOW)
    queued(created_at=NOW - dt.timedelta(days=2), next_attempt_at=NOW + dt.timedelta(hours=1))
    queued(state=MailState.SENT, next_attempt_at=NOW - dt.timedelta(days=9), attempts=1)
    assert bad() == []


@pytest.mark.parametrize(("number", "turned"), [(10, []), (11, ["failures"])])
def test_failures_of_the_last_hour_are_counted(number, turned):
    alive(NOW)
    for _ in range(number):
        Failure.objects.create(what="a task", error="ValueError", at=NOW - dt.timedelta(hours=1))
    Failure.objects.create(what="a task", error="", at=NOW - dt.timedelta(hours=1) - SECOND)
    assert bad() == turned


@pytest.mark.parametrize(
    ("instant", "turned"),
    [
        ("2027-09-15 09:30", []),
        ("2027-09-15 09:31", ["reminder"]),
        ("2027-09-15 19:00", []),  # nothing leaves after 19h
        ("2027-09-16 09:00", []),  # it may leave since this minute only
        ("2027-09-16 09:31", ["reminder"]),
    ],
)
def test_a_reminder_that_does_not_leave_shows_during_the_hours_of_sending(
    calendars, instant, turned
):
    organisation = OrganisationFactory()
    member(organisation=organisation)
    solde(organisation)
    reminders.plan(now=at(J_7) - dt.timedelta(days=5))
    alive(at(instant))
    assert bad(at(instant)) == turned


def test_a_reminder_held_back_by_a_pause_is_no_trouble(calendars):
    organisation = OrganisationFactory()
    user = member(organisation=organisation)
    solde(organisation)
    reminders.plan(now=at(J_7) - dt.timedelta(days=5))
    day = at("2027-09-16 10:00")
    user.reminder_preferences.create(steps=[7], paused_until=day.date())
    alive(day)
    assert bad(day) == []


def test_the_queries_do_not_grow(django_assert_num_queries):
    alive(NOW)
    for number in range(20):
        Pulse.objects.create(name=f"worker:{number}", at=NOW)
        queued()
    with django_assert_num_queries(4):
        measures(now=NOW)
