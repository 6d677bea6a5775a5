"""Refusals that are the site's fault: kept, retried, and the queue waits after some in a row."""

import datetime as dt

import pytest

from calendar_app.enums import ReminderState
from calendar_app.models import Reminder
from calendar_app.services.reminders import dispatch, plan
from journal.rules.by import By
from mailing.enums import MailState
from mailing.models import MailQueue, OutgoingMail
from mailing.services import queue
from mailing.services.delivery import deliver, deliver_waiting
from tests.calendar_app.reminding import solde
from tests.factories import OrganisationFactory, member
from tests.mailing.services.test_delivery import MINUTE, NOW, write
from tests.smtp import SmtpSink

POLICY = "554 5.7.1 Service indisponible pour ce client"
UNKNOWN = "550 5.1.1 Boite inconnue"


@pytest.fixture(autouse=True)
def after_three(settings):
    settings.MAIL_PAUSE_AFTER = 3
    settings.OPERATORS = ["exploitation@segur.example"]


@pytest.fixture
def sink(settings):
    with SmtpSink() as sink:
        settings.MAIL_TRANSPORT = sink.transport
        yield sink


def some(count):
    return [write(f"{number}@x.example") for number in range(count)]


def refuse(sink, mails, answer):
    for mail in mails:
        sink.refuse(mail.to_email, answer)


def states(mails):
    return [OutgoingMail.objects.get(pk=mail.pk).state for mail in mails]


def test_policy_refusal_is_kept_and_warned_of_without_the_address(db, sink, caplog):
    [mail] = some(1)
    refuse(sink, [mail], f"{POLICY} <0@x.example>")

    deliver(mail.pk, now=NOW)

    mail.refresh_from_db()
    assert (mail.state, mail.next_attempt_at) == (MailState.QUEUED, NOW + MINUTE)
    [line] = [record for record in caplog.records if record.name == "mailing.services.queue"]
    assert (line.levelname, "5.7.1" in line.message, "0@x" in line.message) == (
        "WARNING",
        True,
        False,
    )


def test_relay_that_refuses_everybody_for_a_minute_loses_nothing(db, sink):
    mails = some(10)
    refuse(sink, mails, POLICY)

    deliver_waiting(now=NOW)
    assert set(states(mails)) == {MailState.QUEUED}
    assert OutgoingMail.objects.filter(attempts__gt=0).count() == 3
    sink.calm()
    deliver_waiting(now=NOW + MINUTE)

    assert set(states(mails)) == {MailState.SENT}
    to_us = [message for message in sink.received if message["To"].endswith("x.example")]
    assert len(to_us) == 10


@pytest.mark.parametrize(("count", "paused"), [(2, False), (3, True), (4, True)])
def test_queue_is_paused_at_the_threshold(db, sink, count, paused):
    mails = some(count)
    refuse(sink, mails, POLICY)

    deliver_waiting(now=NOW)

    assert queue.is_open(now=NOW) is not paused
    assert queue.is_open(now=NOW + MINUTE)
    notified = OutgoingMail.objects.filter(to_email="exploitation@segur.example")
    assert notified.count() == int(paused)


def test_pauses_grow_while_the_refusals_last_and_operators_are_written_to_once(db, sink):
    mails = some(4)
    refuse(sink, [*mails], POLICY)
    sink.refuse("exploitation@segur.example", POLICY)
    now, waits = NOW, []
    for _ in range(6):
        deliver_waiting(now=now)
        until = MailQueue.objects.get().paused_until or now
        waits.append(until - now)
        now = until

    assert waits == [MINUTE * count for count in (1, 5, 15, 30, 60, 60)]
    assert OutgoingMail.objects.filter(to_email="exploitation@segur.example").count() == 1
    sink.calm()
    deliver_waiting(now=now + dt.timedelta(hours=12))
    assert set(states(mails)) == {MailState.SENT}
    assert MailQueue.objects.get().pauses == 0


def test_same_refusal_for_many_recipients_is_the_site_s_fault_and_takes_back_the_first(db, sink):
    mails = some(3)
    refuse(sink, mails, UNKNOWN)

    deliver_waiting(now=NOW)

    assert states(mails) == [MailState.QUEUED] * 3
    sink.calm()
    deliver_waiting(now=NOW + 5 * MINUTE)
    assert set(states(mails)) == {MailState.SENT}


@pytest.mark.parametrize("between", ["sent", "another answer", "the same recipient"])
def test_refusals_that_are_not_alike_in_a_row_are_the_recipients_own(db, sink, between):
    first, second = some(2)
    others = ["0@x.example"] if between == "the same recipient" else ["m@x.example", "z@x.example"]
    middle, *last = [write(to) for to in others]
    refuse(sink, [first, second, *last], UNKNOWN)
    if between == "another answer":
        sink.refuse("m@x.example", "552 5.2.2 Boite pleine")
    OutgoingMail.objects.update(next_attempt_at=NOW + MINUTE)

    for mail in [first, second, middle] if not last else [first, middle, second, *last]:
        OutgoingMail.objects.filter(pk=mail.pk).update(next_attempt_at=NOW)
        deliver(mail.pk, now=NOW)

    assert states([first, second]) == [MailState.FAILED] * 2
    assert queue.is_open(now=NOW)


def test_reminders_refused_for_the_site_leave_when_it_is_accepted_again(calendars, sink):
    people = []
    for _ in range(3):
        organisation = OrganisationFactory()
        people.append(member(organisation=organisation))
        solde(organisation)
    for person in people:
        sink.refuse(person.email, UNKNOWN)
    plan(now=NOW)
    dispatch(now=NOW)
    deliver_waiting(now=NOW)
    assert set(Reminder.objects.filter(step=7).values_list("state", flat=True)) == {
        ReminderState.CLAIMED
    }

    sink.calm()
    deliver_waiting(now=NOW + 5 * MINUTE)

    assert set(Reminder.objects.filter(step=7).values_list("state", flat=True)) == {
        ReminderState.SENT
    }


def test_nothing_leaves_while_the_queue_is_held(db, sink):
    queue.hold(reason="Site restauré.", now=NOW)
    [mail] = some(1)

    deliver(mail.pk, now=NOW)
    assert deliver_waiting(now=NOW + dt.timedelta(days=30)) == 0
    assert sink.received == []

    queue.release_by(by=By.clock(NOW))
    deliver_waiting(now=NOW)
    assert states([mail]) == [MailState.SENT]
