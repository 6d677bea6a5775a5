import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives, send_mail

from calendar_app.enums import CALENDAR_MAIL, REMINDER_MAIL
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL, DECISION_MAIL, RECEIPT_MAIL
from mailing.services.mail import Attachment, post
from segur import queue as segur_queue
from segur.queue import DELIVER_MAIL
from tests.calendar_app.reminding import J_7, at
from tests.factories import UserFactory
from tests.pages import as_read

CONTEXT = {
    "subject": "Un <objet>\nsur deux lignes",
    "next": "Première ligne & <balise>",
    "filer": "",
    "groups": [],
    "several_organisations": False,
    "why": ["Parce que."],
}


def write(kind=REMINDER_MAIL, user=None, **changes):
    values = {
        "kind": kind,
        "to": "a@exemple.example",
        "user": user,
        "template": "reminder",
        "context": CONTEXT,
        "now": at(J_7),
    }
    return post(**{**values, **changes})


@pytest.fixture
def sent_tasks(monkeypatch):
    sent = []
    monkeypatch.setattr(
        "celery.Celery.send_task", lambda _app, name, args, **_options: sent.append((name, args))
    )
    return sent


def test_mail_is_written_and_waits(db):
    user = UserFactory()
    mail = write(user=user)

    assert (mail.state, mail.user, mail.next_attempt_at) == (MailState.QUEUED, user, at(J_7))
    assert not outbox.outbox


def test_subject_is_one_line_and_only_the_html_is_escaped(db):
    mail = write()

    assert mail.subject == "Un <objet> sur deux lignes"
    assert as_read(mail.body_text).startswith("Première ligne & <balise>\n")
    assert "Première ligne &amp; &lt;balise&gt;" in as_read(mail.body_html)


def test_html_has_its_style_inlined_and_keeps_its_dark_colours(db):
    html = as_read(write().body_html)

    assert 'class="sheet" style="' in html or 'style="' in html.split('class="sheet"')[1][:200]
    assert "prefers-color-scheme: dark" in html


def test_text_never_has_two_blank_lines_in_a_row(db):
    assert "\n\n\n" not in as_read(write().body_text)


def test_delivery_is_asked_for_after_the_commit(sent_tasks, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail = write()
        assert not sent_tasks

    assert sent_tasks == [(DELIVER_MAIL, (mail.pk,))]


def test_broker_that_is_down_does_not_undo_the_act(
    monkeypatch, db, django_capture_on_commit_callbacks
):
    asked = []

    def refuse(*_args, **_kwargs):
        asked.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr("segur.queue._away", segur_queue._Away())
    monkeypatch.setattr("celery.Celery.send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        write()
        write()

    assert OutgoingMail.objects.count() == 2
    assert len(asked) == 1  # the second does not wait for it again


def test_same_key_is_one_mail(db, sent_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = write(dedupe_key="jalon:ris-6:v2:1")
        again = write(dedupe_key="jalon:ris-6:v2:1")

    assert first == again
    assert len(sent_tasks) == 1


def test_message_id_is_on_the_site_s_domain_and_unique(db, settings):
    settings.SITE_URL = "https://echeances.exemple.example"

    ids = {write().message_id for _ in range(3)}

    assert len(ids) == 3
    assert all(value.endswith("@echeances.exemple.example>") for value in ids)


@pytest.mark.parametrize("kind", [REMINDER_MAIL, CALENDAR_MAIL])
def test_optional_mail_can_be_refused_in_one_click(db, kind):
    headers = write(kind, user=UserFactory()).headers

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http")
    assert "/rappels/desabonnement/" in headers["List-Unsubscribe"]


@pytest.mark.parametrize("kind", [RECEIPT_MAIL, DECISION_MAIL, ACCOUNT_MAIL])
def test_what_proves_or_protects_offers_no_unsubscription(db, kind):
    mail = write(kind, user=UserFactory())

    assert mail.headers == {}
    assert "desabonnement" not in as_read(mail.body_text)


def test_attachment_is_kept_with_the_mail(db):
    mail = write(attachments=[Attachment("a.ics", "text/calendar", "BEGIN:VCALENDAR")])

    assert mail.attachments == [
        {
            "name": "a.ics",
            "content_type": "text/calendar",
            "content": "BEGIN:VCALENDAR",
            "is_base64": False,
        }
    ]


class TestLedgerBackend:
    """Any library's mail goes the same way."""

    def test_one_row_for_each_recipient_copies_included(self, db):
        user = UserFactory(email="a@exemple.example")
        EmailMultiAlternatives(
            "Objet",
            "Texte",
            to=["A@exemple.example"],
            cc=["b@exemple.example"],
            bcc=["c@x.example"],
        ).send()

        rows = OutgoingMail.objects.order_by("pk")
        assert [row.to_email for row in rows] == [
            "A@exemple.example",
            "b@exemple.example",
            "c@x.example",
        ]
        assert [row.user for row in rows] == [user, None, None]
        assert not outbox.outbox

    def test_without_a_header_it_is_an_account_mail_and_sensitive(self, db):
        send_mail("Objet", "Texte", None, ["a@exemple.example"])

        mail = OutgoingMail.objects.get()
        assert (mail.kind, mail.is_sensitive) == (ACCOUNT_MAIL, True)

    def test_own_headers_are_read_and_do_not_leave(self, db):
        message = EmailMultiAlternatives(
            "Objet",
            "Texte",
            to=["a@exemple.example"],
            reply_to=["aide@exemple.example"],
            headers={"X-Segur-Kind": "DECISION", "X-Segur-Sensitive": "non", "X-Autre": "gardé"},
        )
        message.attach_alternative("<p>Texte</p>", "text/html")
        message.send()

        mail = OutgoingMail.objects.get()
        assert (mail.kind, mail.is_sensitive) == (DECISION_MAIL, False)
        assert mail.headers == {"X-Autre": "gardé", "Reply-To": "aide@exemple.example"}
        assert (mail.body_text, mail.body_html) == ("Texte", "<p>Texte</p>")

    def test_html_only_message_keeps_its_html(self, db):
        message = EmailMultiAlternatives("Objet", "<p>Texte</p>", to=["a@exemple.example"])
        message.content_subtype = "html"
        message.send()

        assert as_read(OutgoingMail.objects.get().body_html) == "<p>Texte</p>"

    def test_attachments_of_text_and_of_bytes_are_kept(self, db):
        message = EmailMultiAlternatives("Objet", "Texte", to=["a@exemple.example"])
        message.attach("a.csv", "é;è", "text/csv")
        message.attach("a.pdf", b"%PDF-\xff", "application/pdf")
        message.send()

        text, pdf = OutgoingMail.objects.get().attachments
        assert (text["content"], text["is_base64"]) == ("é;è", False)
        assert (pdf["content"], pdf["is_base64"]) == ("JVBERi3/", True)

    def test_message_without_recipient_writes_nothing(self, db):
        assert EmailMultiAlternatives("Objet", "Texte").send() == 0
        assert not OutgoingMail.objects.exists()
