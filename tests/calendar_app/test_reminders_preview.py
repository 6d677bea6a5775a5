import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from calendar_app.enums import State
from calendar_app.management.commands.reminders_preview import parse_instant
from calendar_app.models import Deadline, Reminder
from calendar_app.services.reminders import preference_save
from mailing.models import OutgoingMail
from tests.calendar_app.reminding import J_7, at, run, solde, team
from tests.factories import OrganisationFactory, member

TODAY = at("2026-11-22 20:00")


def preview(when: str) -> str:
    out = StringIO()
    call_command("reminders_preview", at=when, stdout=out)
    return out.getvalue()


@pytest.fixture
def person(calendars):
    organisation = OrganisationFactory()
    solde(organisation)
    with time_machine.travel(TODAY, tick=False):
        yield member(organisation=organisation)


def test_lists_recipient_step_deadline_and_date(person):
    text = preview(J_7)

    assert "mercredi 15 septembre 2027 à 9h (heure de Paris), 1 courriel et 1 rappel" in text
    assert person.email in text
    assert "J-7 · Dépôt des demandes de paiement du solde (RIS)" in text
    assert "avant le 22/09/2027 12h" in text


def test_changes_no_row(person):
    def rows():
        return [
            list(model.objects.order_by("pk").values())
            for model in (Reminder, OutgoingMail, Deadline)
        ]

    before = rows()
    preview(J_7)

    assert rows() == before


@pytest.mark.parametrize(
    "when",
    [
        "2027-09-15 09:05",  # it left at 9:00
        "2027-09-15 14:00",
        "2027-09-16 09:00",
        "2027-09-18 09:00",  # Saturday
        "2027-09-15 08:59",
        "2027-11-15 09:00",
        "2026-11-21 09:00",  # past
    ],
)
def test_says_that_nothing_would_leave(person, when):
    assert preview(when).startswith("Aucun rappel ne partirait le ")


@pytest.mark.parametrize(
    ("when", "step"),
    [
        ("2027-06-24 09:00", "J-90"),
        ("2027-09-17 09:00", "J-3"),
        ("2027-09-22 09:00", "Jour J"),
        ("2027-09-23T07:00:00Z", "J+1"),
    ],
)
def test_each_step_at_its_hour(person, when, step):
    assert f"  {step} · " in preview(when)


def test_reminds_the_roles_of_the_step(calendars):
    organisation, salarie, representant, mandataire = team()
    solde(organisation)
    with time_machine.travel(TODAY, tick=False):
        text = preview(J_7)

    assert salarie.email in text
    assert representant.email in text
    assert mandataire.email not in text


def test_follows_the_moved_date(person):
    Deadline.objects.update(due_at=at("2027-10-06 12:00"), version=2)

    assert preview(J_7).startswith("Aucun rappel")
    assert "J-7" in preview("2027-09-29 09:00")


def test_follows_what_is_filed_and_refused(person):
    Deadline.objects.update(state=State.FILED)
    assert preview(J_7).startswith("Aucun rappel")

    Deadline.objects.update(state=State.TO_DO)
    preference_save(
        actor=person,
        dispositif=None,
        steps=[30],
        early=False,
        muted_kinds=[],
        paused_until=None,
    )
    assert preview(J_7).startswith("Aucun rappel")


def test_end_of_a_pause_is_foreseen(person):
    preference_save(
        actor=person,
        dispositif=None,
        steps=[15, 7, 3],
        early=False,
        muted_kinds=[],
        paused_until=dt.date(2027, 9, 15),
    )

    assert preview(J_7).startswith("Aucun rappel")
    assert "  J-7 · " in preview("2027-09-16 09:00")


def test_during_an_outage_it_shows_what_is_waiting(person):
    with time_machine.travel(at("2027-09-16 10:00"), tick=False):
        assert "  J-7 · " in preview("2027-09-16 10:00")
        run(at("2027-09-16 10:00"))
        assert preview("2027-09-16 10:00").startswith("Aucun rappel")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2027-09-15 09:00", at(J_7)),
        ("2027-09-15T09:00:00+02:00", at(J_7)),
        ("2027-09-15T07:00Z", at(J_7)),
        (" 2027-12-15 12:00 ", dt.datetime(2027, 12, 15, 11, tzinfo=dt.UTC)),
    ],
)
def test_instants_understood(text, instant):
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("demain", "n'est pas un instant"),
        ("2027-02-30 09:00", "n'est pas un instant"),
        ("2027-09-15", "n'a pas d'heure"),
        ("", "n'est pas un instant"),
        ("0001-01-01 09:00", "L'année 1 est hors de"),
        ("9999-12-31T23:59:59+00:00", "L'année 9999 est hors de"),
    ],
)
def test_bad_instant_is_one_sentence_with_examples(text, words):
    with pytest.raises(CommandError, match=words):
        call_command("reminders_preview", at=text)


def test_instant_is_asked_for():
    with pytest.raises(CommandError, match="--at"):
        call_command("reminders_preview")
