"""`kill -9` of a real worker in the middle of sending: nothing lost, one message."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL
from mailing.services.mail import post
from mailing.tasks import deliver_waiting

pytestmark = pytest.mark.distributed

PATIENCE = 60.0


@contextmanager
def worker(smtp):
    """A worker process of its own group, on the test's database, broker and SMTP server."""
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": (
            f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}"
            f"/{database['NAME']}"
        ),
        "REDIS_URL": settings.REDIS_URL,
        "EMAIL_URL": smtp.url,
    }
    command = [sys.executable, "-m", "celery", "-A", "segur", "worker", "--concurrency", "1"]
    process = subprocess.Popen(command, env=environment, process_group=0)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(condition):
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "too long"
        time.sleep(0.05)


def write() -> OutgoingMail:
    return post(
        kind=ACCOUNT_MAIL,
        to="a@exemple.example",
        user=None,
        template="reminder",
        context={
            "subject": "Échéance",
            "next": "Déposez.",
            "filer": "",
            "groups": [],
            "several_organisations": False,
            "why": [],
        },
        now=timezone.now(),
    )


def kill_while_sending(smtp, place: str) -> OutgoingMail:
    """The mail, left «en cours» by a worker that the server kept waiting at `place`."""
    smtp.stall_at = place
    with worker(smtp):
        mail = write()
        assert smtp.stalled.wait(PATIENCE)
    smtp.stall_at = ""
    smtp.resume.set()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.SENDING, 1)
    return mail


def finish(smtp, mail) -> None:
    """Another worker, before and after the lease has run out."""
    with worker(smtp):
        before = len(smtp.received)
        deliver_waiting.delay()
        other = write()
        wait_until(lambda: is_sent(other))
        mail.refresh_from_db()
        assert (mail.state, mail.attempts) == (MailState.SENDING, 1)
        assert len(smtp.received) == before + 1

        OutgoingMail.objects.filter(pk=mail.pk).update(lease_until=timezone.now())
        deliver_waiting.delay()
        wait_until(lambda: is_sent(mail))
    mail.refresh_from_db()
    assert mail.attempts == 2


def is_sent(mail) -> bool:
    return OutgoingMail.objects.get(pk=mail.pk).state == MailState.SENT


@pytest.mark.usefixtures("distributed")
def test_killed_before_the_server_has_it_one_delivery_under_the_same_id(smtp):
    mail = kill_while_sending(smtp, "RCPT")

    finish(smtp, mail)

    assert [m["Message-ID"] for m in smtp.received].count(mail.message_id) == 1


@pytest.mark.usefixtures("distributed")
def test_killed_between_the_reply_and_the_commit_one_duplicate_under_the_same_id(smtp):
    mail = kill_while_sending(smtp, "DATA")

    finish(smtp, mail)

    assert [m["Message-ID"] for m in smtp.received].count(mail.message_id) == 2
