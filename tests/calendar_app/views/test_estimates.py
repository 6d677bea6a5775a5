"""An estimate stands beside the regulatory date, marked «≈» wherever a date is shown, and moves
nothing; a milestone that has only an estimate has no due instant.
"""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import CALENDAR_MAIL, State
from calendar_app.models import Deadline, Milestone, Reminder
from calendar_app.services import calendar_news, reminders
from calendar_app.services.deadlines import open_deadlines
from mailing.models import OutgoingMail
from tests.calendar_app.papers import upload
from tests.calendar_app.views.test_programme import counts_of
from tests.factories import PrestationFactory, member
from tests.pages import as_read, cells, csv_rows, page, text

pytestmark = pytest.mark.usefixtures("calendars")
OPENED = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2027, 5, 20, 8, tzinfo=dt.UTC)
LEGAL = dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)
ESTIMATE = "≈ 07/07/2027 12h"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def prestation():
    prestation = PrestationFactory(created_at=OPENED)
    open_deadlines(prestation=prestation, now=OPENED)
    return prestation


@pytest.fixture
def deadline(prestation):
    """Milestone 5 of the RIS, due on 09/06/2027."""
    return prestation.deadlines.get(milestone__number=5)


@pytest.fixture
def filer(prestation):
    return member(Role.MANDATAIRE, prestation.organisation)


@pytest.fixture
def responsable():
    return member(Role.RESPONSABLE)


def estimate(client, responsable, milestone):
    """As a responsable does it: typed, checked, confirmed."""
    client.force_login(responsable)
    url = reverse("calendars:amend", args=[milestone.pk])
    typed = {
        "due_at_jour": "2027-07-07",
        "due_at_heure": "12:00",
        "nature": "ESTIMATED",
        "reason": "Annonce d'un report.",
        "source": "Communiqué fictif du 18/05/2027",
        "based_on": str(milestone.version),
    }
    check = client.post(url, {**typed, "verifier": ""})
    assert "La date réglementaire ne change pas" in text(check)
    assert client.post(url, {**typed, "confirmer": ""}).status_code == 302


def test_the_deadline_keeps_its_date_its_reminders_and_its_countdown(
    client, deadline, filer, responsable
):
    reminders.plan(now=NOW)
    planned = list(Reminder.objects.order_by("pk").values("pk", "step", "due_at", "state"))
    assert planned
    estimate(client, responsable, deadline.milestone)
    reminders.plan(now=NOW)

    deadline.refresh_from_db()
    assert (deadline.due_at, deadline.version) == (LEGAL, 1)
    kept = list(Reminder.objects.order_by("pk").values("pk", "step", "due_at", "state"))
    assert kept == planned
    shown = page(client, filer, reverse("deadlines:detail", args=[deadline.pk]))
    assert shown.context["line"].left.days == 20
    assert f"mercredi 9 juin 2027 à 12h (heure de Paris) {ESTIMATE[:2]}mercredi 7" in text(shown)


def test_every_list_marks_the_estimate(client, deadline, prestation, filer, responsable):
    reminders.plan(now=NOW)
    estimate(client, responsable, deadline.milestone)

    programme = page(client, responsable, reverse("programme:index"))
    milestone = f"RIS 5 · {deadline.milestone.title} 09/06/2027 12h, {ESTIMATE}"
    assert milestone in text(programme)
    client.force_login(filer)
    table = client.get(reverse("prestations:detail", args=[prestation.pk]))
    assert f"09/06/2027 12h {ESTIMATE}" in cells(table, "Date limite")
    mine = text(client.get(reverse("deadlines:index")))
    assert f"avant le 09/06/2027 12h {ESTIMATE}" in mine
    left = f"20 jours, dont 14 ouvrés avant le 09/06/2027 12h {ESTIMATE} Ouvrir l'échéance"
    assert left in mine
    coming = cells(client.get(reverse("reminders:index")), "Date limite")
    assert set(coming) == {f"09/06/2027 12h {ESTIMATE}"}


def test_files_have_a_column_for_the_estimate(client, deadline, filer, responsable):
    estimate(client, responsable, deadline.milestone)
    client.force_login(filer)

    rows = csv_rows(client.get(reverse("deadlines:csv")))

    found = {row["Jalon"]: (row["Avant le"], row["Date estimée"]) for row in rows}
    assert found["5"] == ("09/06/2027", ESTIMATE)
    assert found["6"] == ("22/09/2027", "")


def test_the_mail_and_the_feeds_mark_the_estimate(client, deadline, filer, responsable):
    estimate(client, responsable, deadline.milestone)
    calendar_news.tell_waiting(now=NOW)

    mail = OutgoingMail.objects.get(user=filer, kind=CALENDAR_MAIL)
    assert "garde sa date réglementaire" in as_read(mail.body_text)
    assert "≈ mercredi 7 juillet 2027 à 12h" in as_read(mail.body_text)
    feed = client.get(reverse("calendars:feed", args=["ris"])).content.decode()
    events = feed.replace("\r\n ", "").split("BEGIN:VEVENT")
    [event] = [event for event in events if "UID:jalon-ris-5@" in event]
    assert "DTSTART;TZID=Europe/Paris:20270609T120000" in event
    assert ESTIMATE in as_read(event)


def undated(prestation):
    """Milestone 5 with an estimate only, as a data file or the site may add it."""
    milestone = Milestone.objects.get(code="ris-5")
    milestone.due_at, milestone.estimated_at = None, dt.datetime(2027, 7, 7, 10, tzinfo=dt.UTC)
    milestone.save()
    Deadline.objects.filter(milestone=milestone).update(due_at=None)
    return prestation.deadlines.get(milestone=milestone)


@pytest.mark.parametrize("now", [NOW, dt.datetime(2027, 7, 7, 10, 0, 1, tzinfo=dt.UTC)])
def test_without_regulatory_date_nothing_is_due_and_nothing_is_late(
    client, prestation, filer, time_machine, now
):
    deadline = undated(prestation)
    time_machine.move_to(now, tick=False)

    assert reminders.plan(now=now, deadlines=Deadline.objects.filter(pk=deadline.pk)) == 0
    shown = page(client, filer, reverse("deadlines:detail", args=[deadline.pk]))
    assert shown.context["line"].state == "À faire"
    assert "Date non fixée, ≈ mercredi 7 juillet 2027" in text(shown)
    assert "aucun rappel ne part, rien n'est en retard" in text(shown)
    assert f"date non fixée, {ESTIMATE}" in text(client.get(reverse("deadlines:index")))
    detail = client.get(reverse("prestations:detail", args=[prestation.pk]))
    assert f"date non fixée, {ESTIMATE}" in cells(detail, "Date limite")
    [row] = [r for r in csv_rows(client.get(reverse("deadlines:csv"))) if r["Jalon"] == "5"]
    assert (row["Avant le"], row["Date estimée"]) == ("date non fixée", ESTIMATE)
    programme = page(client, member(Role.AGENT), reverse("programme:index"))
    assert f"RIS 5 · {deadline.milestone.title} date non fixée, {ESTIMATE}" in text(programme)
    assert counts_of("jalons", "RIS 5", now) == {"À venir": 1, "Total": 1}
    for url in ("/", "/calendriers/", "/calendriers/ris/"):
        assert "date non fixée" in text(client.get(url)).lower()


def test_a_deposit_before_the_date_is_fixed_is_neither_late_nor_in_time(client, prestation, filer):
    deadline = undated(prestation)
    client.force_login(filer)

    sent = client.post(
        reverse("deadlines:prepare", args=[deadline.pk]),
        {
            "deposited_at_jour": "2027-05-19",
            "deposited_at_heure": "10:00",
            "proofs": [upload()],
            "declared": "on",
            "read": "",
            "deposer": "1",
        },
        follow=True,
    )

    deadline.refresh_from_db()
    assert deadline.state == State.FILED
    assert "Date non fixée" in text(sent)
    filing = deadline.filings.get()
    assert (filing.due_at, filing.receipt["dans_les_delais"]) == (None, None)
    pdf = client.get(reverse("deadlines:receipt_pdf", args=[filing.receipt_number]))
    assert pdf["Content-Type"] == "application/pdf"


def test_lists_put_what_has_no_date_last(client, prestation, filer):
    undated(prestation)

    sections = page(client, filer, reverse("deadlines:index")).context["sections"]

    assert [section.due_at is None for section in sections][-1:] == [True]
    assert [section.due_at is None for section in sections].count(True) == 1
