"""The database goes away while a mail is being sent: a known outcome is recorded later, and what
was not handed over is given back at once.
"""

import datetime as dt
import threading
from contextlib import contextmanager, suppress

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.services import delivery
from mailing.services.delivery import deliver
from tests.faults.test_killed_worker import wait_until, write

pytestmark = [pytest.mark.distributed, pytest.mark.usefixtures("distributed")]


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch):
    monkeypatch.setattr(delivery, "RECORD_PAUSE", 0.01)


@contextmanager
def sending(smtp, mail, place, *, first=""):
    """The block runs while the server keeps the sender waiting at `place`; yields its errors."""
    smtp.stall_at = place
    errors = []

    def send():
        try:
            if first:
                connection.cursor().execute(first)
            deliver(mail.pk, now=mail.created_at)
        except OperationalError as error:
            errors.append(error)
        finally:
            connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    assert smtp.stalled.wait(30)
    yield errors
    smtp.stall_at = ""
    smtp.resume.set()
    sender.join(30)
    mail.refresh_from_db()


def cut_all():
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def test_connection_to_the_database_lost_while_the_server_answers(smtp):
    mail = write()
    with sending(smtp, mail, "DATA") as errors:
        cut_all()
    assert (mail.state, mail.attempts, mail.doubts) == (MailState.SENT, 1, 0)
    assert (len(smtp.received), errors) == (1, [])


def test_lost_before_the_content_the_mail_leaves_at_once_and_not_after_its_lease(smtp):
    mail = write()
    with sending(smtp, mail, "RCPT") as errors:
        cut_all()
    assert (mail.state, mail.attempts, mail.doubts) == (MailState.SENT, 2, 0)
    assert (len(smtp.received), errors) == (1, [])


def test_a_commit_without_an_answer_leaves_no_doubt_behind(smtp):
    """The UPDATE before the content was made, its answer was lost: nothing has left."""
    mail = write()
    with sending(smtp, mail, "RCPT"):
        rows = OutgoingMail.objects.filter(pk=mail.pk)
        rows.update(doubts=1, lease_until=mail.created_at + delivery.CONTENT_LEASE)
        cut_all()
    assert (mail.state, mail.attempts, mail.doubts) == (MailState.SENT, 2, 0)


@pytest.mark.parametrize("is_made", [True, False])
@pytest.mark.parametrize("commit", ["of the claim", "of the last look"])
def test_connection_lost_in_a_commit_before_the_content(smtp, monkeypatch, commit, is_made):
    """Whether the commit was made or not, its worker goes on as soon as the database answers."""
    mail = write()
    which = {"of the claim": 1, "of the last look": 2}[commit]
    commits = []

    def cut_in_commit(wrapper):
        commits.append(wrapper)
        is_lost = len(commits) == which
        if is_made or not is_lost:
            real(wrapper)
        if is_lost:
            with wrapper.connection.cursor() as cursor, suppress(psycopg.OperationalError):
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            real(wrapper)

    real = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]  # not in the stubs
    monkeypatch.setattr(BaseDatabaseWrapper, "_commit", cut_in_commit)
    with sending(smtp, mail, "RCPT") as errors:
        pass
    was_claimed = is_made or commit != "of the claim"
    assert (mail.state, mail.attempts, mail.doubts) == (MailState.SENT, 1 + was_claimed, 0)
    assert (len(smtp.received), errors) == (1, [])


def test_what_another_worker_has_claimed_meanwhile_stays_theirs(smtp):
    mail = write()
    theirs = mail.created_at + dt.timedelta(hours=1)
    with sending(smtp, mail, "RCPT"):
        OutgoingMail.objects.filter(pk=mail.pk).update(lease_until=theirs)  # as many attempts
        cut_all()
    assert (mail.state, mail.lease_until) == (MailState.SENDING, theirs)
    assert smtp.received == []


def test_a_database_that_answers_and_refuses_keeps_the_lease(smtp):
    mail = write()
    with (
        sending(smtp, mail, "RCPT", first="SET lock_timeout = '50ms'") as errors,
        transaction.atomic(),
    ):
        OutgoingMail.objects.select_for_update().get(pk=mail.pk)
        smtp.stall_at = ""
        smtp.resume.set()
        wait_until(lambda: errors)
    assert (mail.state, mail.attempts, mail.doubts) == (MailState.SENDING, 1, 0)
    assert smtp.received == []
