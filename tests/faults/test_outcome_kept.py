"""The database goes away between the server's answer and its record: it is recorded later."""

import threading

import pytest
from django.db import connection, connections

from mailing.enums import MailState
from mailing.services import delivery
from mailing.services.delivery import deliver
from tests.faults.test_killed_worker import write

pytestmark = [pytest.mark.distributed, pytest.mark.usefixtures("distributed")]


def test_connection_to_the_database_lost_while_the_server_answers(smtp, monkeypatch):
    monkeypatch.setattr(delivery, "RECORD_PAUSE", 0.01)
    mail = write()
    smtp.stall_at = "DATA"

    def send():
        try:
            deliver(mail.pk, now=mail.created_at)
        finally:
            connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    assert smtp.stalled.wait(30)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    smtp.resume.set()
    sender.join(30)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.doubts) == (MailState.SENT, 1, 0)
    assert len(smtp.received) == 1
