"""A slow or lost server: what is known of the mail decides whether it leaves again."""

import datetime as dt
import socket
import threading

import pytest

from calendar_app.enums import ReminderState
from calendar_app.models import Reminder
from calendar_app.services.reminders import dispatch, plan
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.services import delivery, smtp
from mailing.services.delivery import deliver, deliver_waiting
from tests.calendar_app.reminding import solde
from tests.factories import OrganisationFactory, member
from tests.mailing.services.test_delivery import LEASE, MINUTE, NOW, write
from tests.pages import markup
from tests.smtp import SmtpSink

CONTENT_LEASE = 14 * MINUTE


@pytest.fixture
def sink(settings):
    with SmtpSink() as sink:
        settings.MAIL_TRANSPORT = sink.transport
        yield sink


def test_phases_are_those_of_rfc_5321_and_fit_in_the_leases():
    names = ("COMMAND", "DATA", "BLOCK", "DOT")
    assert [getattr(smtp, f"{name}_SECONDS") for name in names] == [300, 120, 180, 600]
    commands, content = LEASE - delivery.MARGIN, CONTENT_LEASE - delivery.MARGIN
    assert [commands, content] == [5 * MINUTE, 13 * MINUTE]


def test_server_slow_after_the_final_dot_receives_one_copy(db, sink, monkeypatch):
    monkeypatch.setattr(smtp, "COMMAND_SECONDS", 0.3)
    sink.slow_at, sink.slowness = "DATA", 0.6
    mail = write()

    deliver(mail.pk, now=NOW)
    deliver_waiting(now=NOW + 60 * MINUTE)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.doubts) == (MailState.SENT, 1, 0)
    assert len(sink.received) == 1


@pytest.mark.parametrize("phase", ["COMMAND_SECONDS", "lease"])
def test_server_slow_before_the_content_is_left_and_tried_again(db, sink, monkeypatch, phase):
    sink.slow_at, sink.slowness = "RCPT", 0.6
    if phase == "lease":
        monkeypatch.setattr(delivery, "LEASE", MINUTE + dt.timedelta(seconds=0.3))
    else:
        monkeypatch.setattr(smtp, phase, 0.3)
    mail = write()

    deliver(mail.pk, now=NOW)

    mail.refresh_from_db()
    assert (mail.state, mail.doubts) == (MailState.QUEUED, 0)
    assert mail.error.startswith("Serveur de courriel injoignable")
    assert sink.received == []


def test_connection_lost_before_the_content_leaves_no_doubt(db, sink):
    sink.cut_at = "RCPT"
    mail = write()

    deliver(mail.pk, now=NOW)

    mail.refresh_from_db()
    assert (mail.state, mail.doubts) == (MailState.QUEUED, 0)


def test_connection_lost_after_the_content_one_more_try_then_perhaps_received(db, sink):
    sink.cut_at = "DATA"
    mail = write()

    deliver(mail.pk, now=NOW)
    mail.refresh_from_db()
    assert (mail.state, mail.doubts) == (MailState.QUEUED, 1)
    assert mail.error.startswith("Peut-être reçu")

    deliver(mail.pk, now=NOW + MINUTE)
    deliver_waiting(now=NOW + dt.timedelta(days=4))

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.doubts) == (MailState.UNKNOWN, 2, 2)
    assert [message["Message-ID"] for message in sink.received] == [mail.message_id] * 2


def test_second_try_that_is_answered_ends_the_doubt(db, sink):
    sink.cut_at = "DATA"
    mail = write()
    deliver(mail.pk, now=NOW)
    sink.cut_at = ""

    deliver(mail.pk, now=NOW + MINUTE)

    mail.refresh_from_db()
    assert (mail.state, mail.error) == (MailState.SENT, "")


def test_refusal_after_a_doubt_is_no_failure(db, sink):
    sink.cut_at = "DATA"
    mail = write()
    deliver(mail.pk, now=NOW)
    sink.cut_at = ""
    sink.refuse("a@exemple.example", "550 5.1.1 Boite inconnue")

    deliver(mail.pk, now=NOW + MINUTE)

    mail.refresh_from_db()
    assert mail.state == MailState.UNKNOWN


@pytest.mark.parametrize(("doubts", "state"), [(1, MailState.SENT), (2, MailState.UNKNOWN)])
def test_workers_killed_after_the_content_leave_a_doubt_each(db, sink, doubts, state):
    mail = write()
    OutgoingMail.objects.update(
        state=MailState.SENDING, lease_until=NOW, attempts=doubts, doubts=doubts
    )

    deliver_waiting(now=NOW)

    mail.refresh_from_db()
    assert mail.state == state
    assert len(sink.received) == 2 - doubts


def test_lease_covers_the_reply_from_the_content_on(db, sink, monkeypatch):
    leases = []
    update = delivery._hand_over

    def hand_over(row, clock):
        leases.append(row.lease_until)
        update(row, clock)
        leases.append(OutgoingMail.objects.get().lease_until)

    monkeypatch.setattr(delivery, "_hand_over", hand_over)
    mail = write()

    deliver(mail.pk, now=NOW)

    assert leases == [NOW + LEASE, NOW + CONTENT_LEASE]


def test_attempt_that_lost_its_lease_hands_nothing_over(db, sink, monkeypatch, caplog):
    mail = write()
    ready = delivery._is_ready

    def late(row, *, now):
        OutgoingMail.objects.update(attempts=2)
        return ready(row, now=now)

    monkeypatch.setattr(delivery, "_is_ready", late)
    deliver(mail.pk, now=NOW)

    assert sink.received == []
    assert "taken over before it was sent" in caplog.text


def test_several_mails_leave_on_one_connection(db, sink):
    for number in range(5):
        write(f"{number}@x.example")

    assert deliver_waiting(now=NOW) == 5

    assert len(sink.received) == 5
    assert sink.connections == 1


def test_connection_that_the_server_has_closed_is_opened_again(db, sink):
    sink.mails_per_connection = 2
    for number in range(5):
        write(f"{number}@x.example")

    assert deliver_waiting(now=NOW) == 5

    assert len(sink.received) == 5
    assert sink.connections == 3


def test_reply_that_is_no_smtp_after_the_content_is_a_doubt(db, settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.MAIL_TRANSPORT = {
            "backend": "mailing.services.smtp.SmtpBackend",
            "options": {"host": "127.0.0.1", "port": server.getsockname()[1]},
        }
        thread = threading.Thread(target=_garble, args=[server])
        thread.start()
        mail = write()
        deliver(mail.pk, now=NOW)
        thread.join()

    mail.refresh_from_db()
    assert (mail.state, mail.doubts) == (MailState.QUEUED, 1)


def _garble(server):
    link, _ = server.accept()
    with link, link.makefile("rwb", buffering=0) as lines:
        lines.write(b"220 x\r\n")
        in_content = False
        while line := lines.readline():
            word = line.split()[:1]
            if in_content:
                if line == b".\r\n":
                    lines.write(b"???\r\n")
                    return
            elif word == [b"data"]:
                in_content = True
                lines.write(b"354 go\r\n")
            else:
                lines.write(b"250 ok\r\n")


def test_reminder_perhaps_received_says_so(client, calendars, sink):
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    solde(organisation)
    plan(now=NOW)
    dispatch(now=NOW)
    sink.cut_at = "DATA"
    deliver_waiting(now=NOW)
    deliver_waiting(now=NOW + MINUTE)

    assert Reminder.objects.get(step=7).state == ReminderState.UNKNOWN
    client.force_login(person)
    mail = OutgoingMail.objects.get(user=person)
    assert "Peut-être reçu" in markup(client.get(f"/rappels/courriels/{mail.pk}/"))
