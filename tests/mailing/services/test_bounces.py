"""Mails that come back, from a Maildir and from an IMAP server."""

import mailbox
import socket
import threading

import pytest

from calendar_app.enums import ReminderState
from calendar_app.models import Reminder
from calendar_app.services.reminders import dispatch, plan
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.services import bounces
from mailing.services.delivery import deliver, deliver_waiting
from mailing.services.resending import resend
from tests.calendar_app.reminding import solde
from tests.factories import OrganisationFactory, member
from tests.mailing.bounces import report
from tests.mailing.services.test_delivery import MINUTE, NOW, write


@pytest.fixture
def folder(settings, tmp_path):
    settings.BOUNCES_URL = f"maildir://{tmp_path}/Mail%20dir"
    return mailbox.Maildir(tmp_path / "Mail dir")


def sent(to="a@exemple.example"):
    mail = write(to)
    deliver(mail.pk, now=NOW)
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    return mail


def test_without_a_mailbox_nothing_is_read(db, settings):
    assert settings.BOUNCES_URL == ""
    assert bounces.read(now=NOW) == 0


def test_mail_that_comes_back_says_why_and_the_report_is_read_once(db, folder):
    back, other = sent(), sent("b@exemple.example")
    folder.add(report(back.message_id))
    folder.add(report("<unknown@segur.example>"))
    folder.add(report(other.message_id, action="delayed"))

    assert bounces.read(now=NOW + MINUTE) == 1
    assert bounces.read(now=NOW + MINUTE) == 0

    back.refresh_from_db()
    other.refresh_from_db()
    assert (back.state, back.bounced_at) == (MailState.BOUNCED, NOW + MINUTE)
    assert back.error == "Revenu du serveur du destinataire : 550 5.1.1 User unknown"
    assert other.state == MailState.SENT
    assert {message.get_flags() for message in folder} == {"S"}


def test_reminder_that_comes_back_has_failed_and_can_be_sent_again(calendars, folder):
    organisation = OrganisationFactory()
    member(organisation=organisation)
    solde(organisation)
    plan(now=NOW)
    dispatch(now=NOW)
    deliver_waiting(now=NOW)
    mail = OutgoingMail.objects.get()
    folder.add(report(mail.message_id))
    bounces.read(now=NOW)
    row = Reminder.objects.get(step=7)
    assert (row.state, "5.1.1" in row.state_reason) == (ReminderState.FAILED, True)

    resend(OutgoingMail.objects.all(), now=NOW)
    deliver_waiting(now=NOW)

    row.refresh_from_db()
    mail.refresh_from_db()
    assert (row.state, mail.state, mail.error) == (ReminderState.SENT, MailState.SENT, "")


class Imap(threading.Thread):
    """As much of a server as `imaplib` asks for here, over one connection."""

    def __init__(self, messages):
        super().__init__(daemon=True)
        self.messages, self.seen, self.login = messages, [], ""
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.start()

    def run(self):
        link, _ = self.server.accept()
        with self.server, link, link.makefile("rwb", buffering=0) as lines:
            lines.write(b"* OK ready\r\n")
            while line := lines.readline():
                tag, command, rest = (*line.decode().strip().split(" ", 2), "")[:3]
                lines.write(self.answer(command.upper(), rest))
                lines.write(f"{tag} OK done\r\n".encode())

    def answer(self, command, rest):
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if command == "LOGIN":
            self.login = rest
        if command == "SELECT":
            return f"* {len(self.messages)} EXISTS\r\n".encode()
        if command == "UID" and rest.startswith("SEARCH"):
            unseen = [n for n in range(1, len(self.messages) + 1) if n not in self.seen]
            return f"* SEARCH {' '.join(map(str, unseen))}\r\n".encode()
        if command == "UID" and rest.startswith("FETCH"):
            number = int(rest.split()[1])
            body = self.messages[number - 1]
            head = f"* {number} FETCH (UID {number} BODY[] {{{len(body)}}}\r\n".encode()
            return head + body + b")\r\n"
        if command == "UID" and rest.startswith("STORE"):
            self.seen.append(int(rest.split()[1]))
        return b""


def test_folder_of_an_imap_server_is_read(db, settings):
    mail = sent()
    server = Imap([b"Subject: absent\r\n\r\nAbsent.", report(mail.message_id)])
    settings.BOUNCES_URL = f"imap://retours:mot%20de%20passe@127.0.0.1:{server.port}/INBOX"

    assert bounces.read(now=NOW) == 1

    server.join(10)
    mail.refresh_from_db()
    assert mail.state == MailState.BOUNCED
    assert server.seen == [1, 2]
    assert server.login == 'retours "mot de passe"'


def test_return_path_is_the_mailbox_of_the_reports(db, settings, mailoutbox):
    settings.MAIL_RETURN_PATH = "retours@segur.example"
    sent()

    [message] = mailoutbox
    assert message.from_email == "retours@segur.example"
    assert message.extra_headers["From"] == settings.DEFAULT_FROM_EMAIL
