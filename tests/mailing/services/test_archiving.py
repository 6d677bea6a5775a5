"""A mail whose texts were forgotten leaves the ledger: no page changes, and its key still holds."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Reminder
from calendar_app.services.reminders import archive as archive_reminders
from calendar_app.services.reminders import plan
from mailing.enums import MailState
from mailing.models import ArchivedMail, OutgoingMail
from mailing.services.archiving import archive
from privacy.services.exports import person_export
from privacy.services.own_lines import forget_mails
from tests.by import acting
from tests.calendar_app.reminding import at, solde, team
from tests.factories import member
from tests.mailing.services.test_delivery import write
from tests.pages import text

pytestmark = pytest.mark.django_db
WRITTEN = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
BOUND = WRITTEN + dt.timedelta(days=90)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def reader():
    return member(Role.RESPONSABLE)


def forgotten(user, state=MailState.SENT, **fields):
    """A mail of WRITTEN, its texts forgotten."""
    row = write(user.email, now=WRITTEN, user=user, **fields)
    OutgoingMail.objects.filter(pk=row.pk).update(state=state, sent_at=WRITTEN)
    forget_mails(BOUND, WRITTEN + SECOND)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("state", [MailState.SENT, MailState.SHOWN, MailState.CANCELLED])
def test_what_has_ended_is_archived_with_its_values(reader, state):
    row = forgotten(reader, state, dedupe_key="nouvelle:1")

    assert archive(now=BOUND) == 1

    assert not OutgoingMail.objects.exists()
    kept = ArchivedMail.objects.get()
    for field in OutgoingMail._meta.concrete_fields:
        assert getattr(kept, field.attname) == getattr(row, field.attname)
    assert kept.archived_at == BOUND


@pytest.mark.parametrize(
    "state",
    [
        MailState.QUEUED,
        MailState.SENDING,
        MailState.FAILED,
        MailState.BOUNCED,
        MailState.UNKNOWN,
    ],
)
def test_what_may_still_leave_or_did_not_arrive_stays(reader, state):
    row = forgotten(reader)
    OutgoingMail.objects.filter(pk=row.pk).update(state=state)

    assert archive(now=BOUND) == 0


@pytest.mark.parametrize(("now", "moved"), [(BOUND - SECOND, 0), (BOUND, 1), (BOUND + SECOND, 1)])
def test_ninety_days_after_it_was_written(reader, now, moved):
    forgotten(reader)

    assert archive(now=now) == moved


def test_what_still_has_its_texts_stays(reader):
    row = write(reader.email, now=WRITTEN, user=reader)
    OutgoingMail.objects.filter(pk=row.pk).update(state=MailState.SENT)

    assert archive(now=BOUND) == 0


def test_news_of_an_archived_mail_is_not_mailed_again(reader):
    row = forgotten(reader, dedupe_key="nouvelle:1")
    archive(now=BOUND)

    again = write(reader.email, now=BOUND, user=reader, dedupe_key="nouvelle:1")

    assert again.pk == row.pk
    assert not OutgoingMail.objects.exists()


@pytest.mark.at(BOUND)
def test_no_page_changes(client, reader):
    client.force_login(reader)
    sent = forgotten(reader)
    forgotten(reader, MailState.CANCELLED)
    write(reader.email, now=WRITTEN + SECOND, user=reader)
    urls = [
        reverse("reminders:index"),
        reverse("reminders:mail", args=[sent.pk]),
        reverse("mails:index"),
        *(f"/courriels/?vue={view}" for view in ("partis", "annules", "attente")),
        "/courriels/?vue=partis&destinataire=x",
        "/courriels/liste.json?vue=partis",
        "/rappels/courriels/liste.json",
        reverse("notifications:index"),
    ]
    before = [shown(client, url) for url in urls]

    assert archive(now=BOUND) == 2

    assert [shown(client, url) for url in urls] == before
    client.force_login(member(Role.SALARIE))
    assert client.get(reverse("reminders:mail", args=[sent.pk])).status_code == 404


def shown(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content if ".json" in url else text(response)


def test_a_mail_that_a_reminder_refers_to_stays(calendars):
    organisation, salarie, *_ = team()
    solde(organisation)
    plan(now=at("2027-09-01 10:00"))
    row = forgotten(salarie)
    Reminder.objects.filter(step=30).update(mail=row, state="ECHEC")

    assert archive(now=BOUND) == 0

    Reminder.objects.filter(step=30).update(state="ENVOYE")
    archive_reminders(now=at("2028-01-01 10:00"))
    assert archive(now=BOUND) == 1


def test_a_person_exports_what_is_archived(reader):
    row = forgotten(reader, dedupe_key="nouvelle:1")
    archive(now=BOUND)

    whole = zipfile.ZipFile(io.BytesIO(b"".join(person_export(by=acting(reader, BOUND)))))
    exported = json.loads(whole.read("Données/mailing.archivedmail.user.json"))
    assert [one["message_id"] for one in exported] == [row.message_id]
