"""A real SMTP server at the other end."""

import datetime as dt
import smtplib
from itertools import pairwise

import pytest

from calendar_app.enums import ReminderState
from calendar_app.models import Reminder
from calendar_app.services.reminders import dispatch, plan
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL
from mailing.services.delivery import deliver, deliver_waiting, share_waiting, wipe_undelivered
from mailing.services.kinds import Freshness, Verdict
from mailing.services.mail import Attachment, post
from tests.calendar_app.reminding import J_7, at, solde
from tests.factories import OrganisationFactory, UserFactory, member
from tests.pages import markup
from tests.smtp import SmtpSink

NOW = at(J_7)
MINUTE = dt.timedelta(minutes=1)
LEASE = 6 * MINUTE
MAX_ATTEMPTS = 12


@pytest.fixture
def smtp(settings):
    with SmtpSink() as sink:
        settings.MAIL_TRANSPORT = sink.transport
        yield sink


def write(to="a@exemple.example", **changes):
    values = {
        "kind": ACCOUNT_MAIL,
        "to": to,
        "user": None,
        "template": "reminder",
        "context": {
            "subject": "Échéance",
            "next": "Déposez.",
            "filer": "",
            "groups": [],
            "several_organisations": False,
            "why": ["Parce que."],
        },
        "now": NOW,
    }
    return post(**{**values, **changes})


def test_mail_arrives_with_both_bodies_and_its_message_id(db, smtp):
    mail = write(attachments=[Attachment("échéances.ics", "text/calendar", "BEGIN:VCALENDAR\r\n")])

    deliver(mail.pk, now=NOW)

    [received] = smtp.received
    mail.refresh_from_db()
    assert received["Message-ID"] == mail.message_id
    assert received["Subject"] == "Échéance"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received.get_body(("plain",)).get_content().startswith("Déposez.")
    assert "Déposez." in received.get_body(("html",)).get_content()
    [event] = received.iter_attachments()
    assert (event.get_filename(), event.get_content_type()) == ("échéances.ics", "text/calendar")
    assert (mail.state, mail.sent_at, mail.attempts) == (MailState.SENT, NOW, 1)
    assert mail.lease_until is None


def test_refused_recipient_does_not_stop_the_others(db, smtp):
    smtp.refuse("refusee@exemple.example", "550 5.1.1 Boite inconnue")
    write("a@x.example")
    refused = write("refusee@exemple.example")
    write("b@x.example")

    assert deliver_waiting(now=NOW) == 3

    assert {m["To"] for m in smtp.received} == {"a@x.example", "b@x.example"}
    refused.refresh_from_db()
    assert (refused.state, refused.attempts) == (MailState.FAILED, 1)
    assert refused.error == "Réponse du serveur de courriel : 550 5.1.1 Boite inconnue"


def test_mail_that_cannot_be_looked_at_lets_the_others_go_and_is_given_up(db, smtp, monkeypatch):
    garbled, good = write("a@x.example"), write("b@x.example")

    def look(mail, *, now):
        if mail.pk == garbled.pk:
            raise LookupError("garbled")
        return Freshness(Verdict.READY)

    monkeypatch.setattr("mailing.services.kinds.freshen", look)
    with pytest.raises(LookupError):
        deliver_waiting(now=NOW)
    assert deliver_waiting(now=NOW) == 1
    good.refresh_from_db()
    assert good.state == MailState.SENT

    now = NOW
    for _ in range(MAX_ATTEMPTS - 1):
        now += LEASE
        with pytest.raises(LookupError):
            deliver_waiting(now=now)
    assert deliver_waiting(now=now + LEASE) == 1
    garbled.refresh_from_db()
    assert garbled.state == MailState.FAILED


def test_mail_refused_for_its_content_fails_at_once(db, smtp):
    smtp.answer_data = "552 5.3.4 Message trop gros"
    mail = write()

    deliver(mail.pk, now=NOW)

    mail.refresh_from_db()
    assert mail.state == MailState.FAILED
    assert "552 5.3.4 Message trop gros" in mail.error


@pytest.mark.parametrize("where", ["recipient", "content"])
def test_temporary_refusal_is_tried_again_later(db, smtp, where):
    if where == "recipient":
        smtp.refuse("a@exemple.example", "451 4.3.0 Plus tard")
    else:
        smtp.answer_data = "451 4.3.0 Plus tard"
    mail = write()

    deliver_waiting(now=NOW)
    mail.refresh_from_db()
    assert (mail.state, mail.next_attempt_at) == (MailState.QUEUED, NOW + MINUTE)
    assert "451 4.3.0 Plus tard" in mail.error

    smtp.calm()
    assert deliver_waiting(now=NOW + MINUTE - MINUTE / 2) == 0
    assert deliver_waiting(now=NOW + MINUTE) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.error, mail.attempts) == (MailState.SENT, "", 2)
    assert smtp.received[0]["Message-ID"] == mail.message_id


def test_unreachable_server_is_tried_a_bounded_number_of_times(db, smtp):
    mail = write()
    smtp.stop()
    instants = []
    while OutgoingMail.objects.get().state == MailState.QUEUED:
        instants.append(OutgoingMail.objects.get().next_attempt_at)
        assert deliver_waiting(now=instants[-1]) == 1

    mail.refresh_from_db()
    assert (mail.attempts, mail.state) == (12, MailState.FAILED)
    assert mail.error.startswith("Serveur de courriel injoignable")
    waits = [later - sooner for sooner, later in pairwise(instants)]
    assert waits == [MINUTE * count for count in (1, 5, 15, 60, 180, 360, *[720] * 5)]


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPAuthenticationError(535, b"5.7.8 Refus"),
        smtplib.SMTPSenderRefused(535, b"5.7.8 Refus", "echeances@segur.example"),
    ],
)
def test_a_fault_of_the_site_is_not_the_recipient_s(db, monkeypatch, error):
    def refuse(*_args):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    mail = write()

    deliver(mail.pk, now=NOW)

    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    assert "535 5.7.8 Refus" in mail.error


def test_address_that_no_mail_can_carry_fails_without_stopping_the_others(db, smtp):
    bad = write("a@exemple.example\nBcc: x@exemple.example")
    good = write("b@exemple.example")

    deliver_waiting(now=NOW)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (MailState.FAILED, MailState.SENT)
    assert "impossible à former" in bad.error


def test_mail_being_sent_is_left_alone_until_its_lease_runs_out(db, smtp):
    mail = write()
    OutgoingMail.objects.update(state=MailState.SENDING, lease_until=NOW + LEASE, attempts=1)

    assert deliver_waiting(now=NOW + LEASE - MINUTE) == 0
    assert deliver_waiting(now=NOW + LEASE) == 1

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.SENT, 2)
    assert smtp.received[0]["Message-ID"] == mail.message_id


def test_mail_that_kills_every_worker_is_given_up(db, smtp):
    mail = write()
    OutgoingMail.objects.update(state=MailState.SENDING, lease_until=NOW, attempts=MAX_ATTEMPTS)

    deliver_waiting(now=NOW)

    mail.refresh_from_db()
    assert not smtp.received
    assert mail.state == MailState.FAILED
    assert "interrompu 12 fois" in mail.error


def test_late_answer_does_not_overwrite_the_one_who_took_over(db, monkeypatch, caplog):
    mail = write()

    def take_over(*_args):
        OutgoingMail.objects.update(attempts=2, lease_until=NOW + 2 * LEASE)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", take_over)
    deliver(mail.pk, now=NOW)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.SENDING, 2)
    assert "taken over" in caplog.text


def test_sensitive_mail_loses_its_bodies_once_it_has_left(db, smtp):
    mail = write(sensitive=True, attachments=[Attachment("a", "text/plain", "secret")])
    assert mail.body_text

    deliver(mail.pk, now=NOW)

    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert (mail.body_text, mail.body_html, mail.attachments) == ("", "", [])


def test_refused_sensitive_mail_keeps_its_bodies_three_days(db, smtp):
    smtp.refuse("a@exemple.example", "550 Non")
    mail = write(sensitive=True)
    deliver(mail.pk, now=NOW)

    wipe_undelivered(now=NOW + dt.timedelta(days=3))
    mail.refresh_from_db()
    assert mail.body_text

    wipe_undelivered(now=NOW + dt.timedelta(days=3, seconds=1))
    mail.refresh_from_db()
    assert (mail.state, mail.body_text, mail.body_html) == (MailState.FAILED, "", "")


def test_sensitive_mail_keeps_its_bodies_while_it_must_still_leave(db, smtp):
    smtp.refuse("a@exemple.example", "451 Plus tard")
    mail = write(sensitive=True)

    deliver(mail.pk, now=NOW)

    mail.refresh_from_db()
    assert mail.body_text
    assert mail.body_html


def test_mail_that_is_not_due_or_gone_is_not_sent(db, smtp):
    later = write(now=NOW + MINUTE)
    sent = write()
    deliver(sent.pk, now=NOW)

    deliver(later.pk, now=NOW)
    deliver(sent.pk, now=NOW)
    deliver(987654, now=NOW)

    assert len(smtp.received) == 1


def test_mail_that_is_asked_for_leaves_first_and_the_others_that_are_due_follow(db, smtp):
    write("a@x.example")
    asked = write("b@x.example")

    deliver(asked.pk, now=NOW)

    assert [message["To"] for message in smtp.received] == ["b@x.example", "a@x.example"]
    assert smtp.connections == 1


@pytest.mark.parametrize(("waiting", "helpers"), [(49, 0), (50, 1), (149, 2), (600, 8)])
def test_more_workers_are_asked_for_as_more_mails_wait(db, waiting, helpers):
    mail = write()
    OutgoingMail.objects.bulk_create(
        OutgoingMail(kind=ACCOUNT_MAIL, to_email="a@x.example", message_id=f"<{number}@x>")
        for number in range(waiting - 1)
    )
    OutgoingMail.objects.update(next_attempt_at=NOW)
    assert share_waiting(now=NOW) == helpers
    assert share_waiting(now=mail.created_at - MINUTE) == 0


def test_reminder_leaves_with_its_one_click_headers(calendars, smtp):
    organisation = OrganisationFactory()
    member(organisation=organisation)
    solde(organisation)
    plan(now=NOW)
    dispatch(now=NOW)

    deliver_waiting(now=NOW)

    [received] = smtp.received
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert received["List-Unsubscribe"].strip().startswith("<http")


def test_refused_reminder_marks_its_rows_failed_with_the_server_s_words(calendars, smtp):
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    solde(organisation)
    smtp.refuse(person.email, "550 5.1.1 Boite inconnue")
    plan(now=NOW)
    dispatch(now=NOW)

    deliver_waiting(now=NOW)

    row = Reminder.objects.get(step=7)
    assert (row.state, row.sent_at) == (ReminderState.FAILED, None)
    assert "550 5.1.1 Boite inconnue" in row.state_reason


def test_refusal_is_readable_on_the_person_s_pages(client, db, smtp):
    person = UserFactory()
    smtp.refuse(person.email, "550 5.1.1 Boite inconnue")
    mail = write(person.email, user=person)
    deliver(mail.pk, now=NOW)
    client.force_login(person)

    for path in ("/rappels/", f"/rappels/courriels/{mail.pk}/"):
        page = markup(client.get(path))
        assert "Échec" in page
        assert "550 5.1.1 Boite inconnue" in page
