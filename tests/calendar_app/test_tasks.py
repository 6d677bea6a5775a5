"""The tasks that beat asks for: each of them exists, and each does its one thing."""

import re

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.core import mail as outbox

from calendar_app import tasks
from calendar_app.models import Reminder
from mailing import tasks as mail_tasks
from mailing.enums import MailState
from mailing.models import OutgoingMail
from segur.queue import (
    DELIVER_MAIL,
    HELP_DELIVER,
    MAKE_ARCHIVE,
    REPEATED_BY,
    RUN_IMPORT,
    TELL_AMENDMENT,
    enqueue,
)
from tests.calendar_app.reminding import J_7, at, solde
from tests.factories import OrganisationFactory, member
from tests.product import APPS


@pytest.fixture
def deadline(calendars):
    organisation = OrganisationFactory()
    member(organisation=organisation)
    with time_machine.travel(at(J_7), tick=False):
        yield solde(organisation)


def test_every_task_of_the_beat_table_exists():
    current_app.loader.import_default_modules()
    named = {entry["task"] for entry in current_app.conf.beat_schedule.values()}

    assert named
    assert {
        *named,
        DELIVER_MAIL,
        MAKE_ARCHIVE,
        RUN_IMPORT,
        TELL_AMENDMENT,
    } <= current_app.tasks.keys()


def test_every_task_of_one_row_is_repeated_each_minute():
    entries = current_app.conf.beat_schedule.values()
    often = [entry["task"] for entry in entries if entry["schedule"] <= 60]

    assert set(REPEATED_BY) == {
        DELIVER_MAIL,
        HELP_DELIVER,
        MAKE_ARCHIVE,
        RUN_IMPORT,
        TELL_AMENDMENT,
    }
    assert set(REPEATED_BY.values()) <= set(often)


def test_a_task_that_nothing_repeats_is_refused():
    with pytest.raises(ValueError, match="no periodic task repeats it"):
        enqueue("calendar_app.tasks.plan_reminders")


def test_nothing_is_sent_to_the_broker_but_through_the_queue():
    """In the whole code: `enqueue` alone knows what is repeated."""
    sends = re.compile(r"\.(delay|delay_on_commit|apply_async|send_task)\(")
    senders = [
        path.relative_to(settings.BASE_DIR).as_posix()
        for app in APPS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if sends.search(path.read_text())
    ]
    assert senders == ["segur/queue.py"]


def test_from_plan_to_delivery(deadline):
    assert tasks.plan_reminders() > 0
    assert tasks.dispatch_reminders() == 1
    mail_tasks.deliver_mail(OutgoingMail.objects.get().pk)

    assert len(outbox.outbox) == 1
    assert Reminder.objects.get(step=7).state == "ENVOYE"


def test_lost_broker_message_loses_nothing(deadline):
    tasks.plan_reminders()
    tasks.dispatch_reminders()

    assert mail_tasks.deliver_waiting() == 1
    assert OutgoingMail.objects.get().state == MailState.SENT


@pytest.mark.django_db
def test_delivering_a_mail_that_is_gone_does_nothing():
    mail_tasks.deliver_mail(987654)
    assert not outbox.outbox


@pytest.mark.django_db
def test_telling_an_amendment_that_is_gone_does_nothing():
    tasks.tell_amendment(987654)
    assert not OutgoingMail.objects.exists()
