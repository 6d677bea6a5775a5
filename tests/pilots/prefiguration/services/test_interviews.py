"""The interview in agendas: who is invited, with what, and once."""

import datetime as dt

import icalendar
import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from journal.services.readings import fields_stamp
from mailing.models import OutgoingMail
from mailing.services.delivery import deliver_waiting
from pilots.enums import Stage
from pilots.prefiguration.services import interviews
from tests.by import acting
from tests.entries import entries
from tests.factories import PrefigurateurFactory, member
from tests.pages import as_read
from tests.pilots.prefigurateurs import (
    ALL_EXPLAINED,
    DAY,
    EMAIL,
    INTERVIEW,
    NOW,
    give,
    plan,
    report,
)

pytestmark = pytest.mark.usefixtures("calendars")


@pytest.fixture
def agent():
    return member(Role.AGENT, full_name="Sarah Lormont", email="sarah@ans.example")


@pytest.fixture
def one():
    row = PrefigurateurFactory(name="Clinique fictive")
    give(row)
    return row


@pytest.fixture
def editeur(one):
    return member(Role.SALARIE, one.solution.organisation)


def sent():
    """Recipient → its invitations, in order, parsed from the mails that left."""
    mail.outbox.clear()
    deliver_waiting(now=NOW)
    found = {}
    for message in mail.outbox:
        ((_name, content, _kind),) = message.attachments
        calendar = icalendar.Calendar.from_ical(content)
        *_, part = message.message().walk()
        assert part.get_content_type() == "text/calendar"
        assert part.get_param("method") == calendar["METHOD"]
        assert part.get_content_charset() == "utf-8"
        found.setdefault(message.to[0], []).append(calendar)
    return found


def event_of(calendar):
    (event,) = calendar.events
    return event


def test_the_contact_gets_an_invitation_that_an_agenda_understands(one, agent):
    plan(one, agent=agent)
    ((calendar,),) = sent().values()
    event = event_of(calendar)
    assert calendar["METHOD"] == "REQUEST"
    assert calendar.timezones[0]["TZID"] == "Europe/Paris"
    assert "DTSTART;TZID=Europe/Paris:20261207T143000" in calendar.to_ical().decode()
    assert event["DTSTART"].dt == INTERVIEW
    assert event["DTEND"].dt - event["DTSTART"].dt == dt.timedelta(minutes=30)
    assert event["ORGANIZER"] == "mailto:sarah@ans.example"
    assert event["ORGANIZER"].params["CN"] == "Sarah Lormont"
    assert event["ATTENDEE"] == f"mailto:{EMAIL}"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event["LOCATION"] == "https://visio.ans.example/1"


def test_moved_then_called_off_it_is_the_same_event_with_a_greater_sequence(one, agent):
    colleague = member(Role.RESPONSABLE)
    plan(one, agent=agent)
    plan(one, agent=colleague, at=INTERVIEW + DAY)
    interviews.cancel(one, by=acting(colleague, NOW))
    ((first, moved, cancelled),) = sent().values()
    events = [event_of(calendar) for calendar in (first, moved, cancelled)]
    assert [c["METHOD"] for c in (first, moved, cancelled)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event["UID"] for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert {str(event["ORGANIZER"]) for event in events} == {"mailto:sarah@ans.example"}
    assert (events[1]["DTSTART"].dt, events[2]["STATUS"]) == (INTERVIEW + DAY, "CANCELLED")
    assert "Modifié : entretien le 08/12/2026 14h30" in mail.outbox[1].subject
    assert mail.outbox[2].subject.startswith("Annulé : entretien du 08/12/2026 14h30")
    assert [entry.what for entry in entries(one)][-3:] == [
        "Entretien fixé",
        "Entretien modifié",
        "Entretien annulé",
    ]


def test_the_same_again_notifies_nobody(one, agent):
    plan(one, agent=agent)
    plan(one, agent=agent)
    assert OutgoingMail.objects.count() == 1


def test_members_who_attend_are_invited_without_the_address_of_the_contact(one, agent, editeur):
    member(Role.SALARIE, one.solution.organisation)  # does not attend
    interviews.attend(one, wants=True, by=acting(editeur, NOW))
    plan(one, agent=agent)
    found = sent()
    assert set(found) == {EMAIL, editeur.email}
    to_member = next(m for m in mail.outbox if m.to == [editeur.email])
    assert event_of(found[editeur.email][0])["ATTENDEE"] == f"mailto:{editeur.email}"
    assert EMAIL not in str(to_member.message())
    kept = OutgoingMail.objects.get(to_email=EMAIL)
    assert (kept.body_text, kept.body_html, kept.attachments) == ("", "", [])


def test_a_member_whose_account_is_closed_is_not_invited(one, agent, editeur):
    interviews.attend(one, wants=True, by=acting(editeur, NOW))
    editeur.is_active = False
    editeur.save()
    plan(one, agent=agent)
    assert set(sent()) == {EMAIL}


def test_who_comes_later_is_invited_and_who_gives_up_is_taken_off(one, agent, editeur):
    plan(one, agent=agent)
    for wants in (True, True, False, False):
        interviews.attend(one, wants=wants, by=acting(editeur, NOW))
    methods = [calendar["METHOD"] for calendar in sent()[editeur.email]]
    assert methods == ["REQUEST", "CANCEL"]


def test_a_contact_given_later_is_invited(one, agent):
    plan(one, agent=agent)
    give(one, email="basile@hopital.example", full_name="Basile")
    assert [c["METHOD"] for c in sent()["basile@hopital.example"]] == ["REQUEST"]


def test_the_contact_reads_who_gave_the_address_why_and_until_when(one, agent):
    plan(one, agent=agent)
    sent()
    body = as_read(mail.outbox[0].body)
    assert f"{one.solution.organisation} vous a donné comme contact technique" in body
    assert "Finalité : Préparer l'entretien" in body
    assert "effacées le lundi 1er mars 2027" in body
    assert "sarah@ans.example" in body
    assert "lundi 7 décembre 2026 à 14h30 (heure de Paris)" in body


def test_it_comes_before_the_contact_is_erased(agent):
    one = PrefigurateurFactory()
    give(one, delete_on=INTERVIEW.date())
    with pytest.raises(ValidationError, match="effacé le 07/12/2026"):
        plan(one, agent=agent)
    plan(one, agent=agent, at=INTERVIEW - DAY)
    with pytest.raises(ValidationError, match="au moins jusqu'au lendemain"):
        give(one, email="basile@hopital.example", delete_on=INTERVIEW.date() - DAY)


def test_a_contact_that_goes_before_it_is_not_invited_and_the_other_is(one, agent):
    give(one, email="basile@hopital.example", delete_on=INTERVIEW.date())
    plan(one, agent=agent)
    assert set(sent()) == {EMAIL}


def test_moved_beyond_the_day_of_a_contact_it_leaves_that_agenda(one, agent):
    give(one, email="basile@hopital.example", delete_on=INTERVIEW.date() + DAY)
    plan(one, agent=agent)
    plan(one, agent=agent, at=INTERVIEW + 2 * DAY)
    found = sent()
    methods = {to: [c["METHOD"] for c in calendars] for to, calendars in found.items()}
    assert methods == {
        EMAIL: ["REQUEST", "REQUEST"],
        "basile@hopital.example": ["REQUEST", "CANCEL"],
    }
    gone = event_of(found["basile@hopital.example"][1])
    assert (gone["DTSTART"].dt, gone["SEQUENCE"]) == (INTERVIEW, 1)


def test_held_another_day_than_planned_it_leaves_every_agenda(one, agent, editeur):
    interviews.attend(one, wants=True, by=acting(editeur, NOW))
    plan(one, agent=agent)
    report(one, agent=agent, at=NOW - DAY)
    found = sent()
    assert {to: [c["METHOD"] for c in calendars] for to, calendars in found.items()} == {
        EMAIL: ["REQUEST", "CANCEL"],
        editeur.email: ["REQUEST", "CANCEL"],
    }
    gone = event_of(found[EMAIL][1])
    assert (gone["DTSTART"].dt, gone["SEQUENCE"]) == (INTERVIEW, 1)
    one.refresh_from_db()
    assert (one.stage, one.interview_at) == (Stage.INTERVIEW, NOW - DAY)
    [note] = [entry.note for entry in entries(one) if entry.what == "Entretien annulé"]
    assert "tenu le 22/11/2026" in note


@pytest.mark.parametrize("held", [INTERVIEW, INTERVIEW - dt.timedelta(hours=4)])
def test_held_on_the_planned_day_notifies_nobody(one, agent, held):
    plan(one, agent=agent)
    report(one, agent=agent, at=held, now=held + dt.timedelta(minutes=30))
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("at", [NOW, NOW - DAY])
def test_it_is_to_come(one, agent, at):
    with pytest.raises(ValidationError, match="Cet instant est passé"):
        plan(one, agent=agent, at=at)


def test_it_needs_a_contact(agent):
    with pytest.raises(ValidationError, match="« Liste de travail »"):
        plan(PrefigurateurFactory(), agent=agent)


def test_only_the_ans_fixes_calls_off_and_reports(one, agent, editeur):
    with pytest.raises(PermissionDenied):
        plan(one, agent=editeur)
    plan(one, agent=agent)
    with pytest.raises(PermissionDenied):
        interviews.cancel(one, by=acting(editeur, NOW))
    with pytest.raises(PermissionDenied):
        report(one, agent=editeur)
    with pytest.raises(PermissionDenied):
        interviews.attend(one, wants=True, by=acting(agent, NOW))


def test_a_report_of_what_is_to_come_is_refused_and_one_can_be_completed(one, agent):
    with pytest.raises(ValidationError, match="à venir"):
        report(one, agent=agent, at=NOW + DAY)
    report(one, agent=agent, is_understood=False)
    report(one, agent=agent)
    one.refresh_from_db()
    assert (one.stage, one.is_understood) == (Stage.INTERVIEW, True)
    assert entries(one)[-1].what == "Compte-rendu de l'entretien complété"


def test_a_report_completed_meanwhile_by_a_colleague_is_not_overwritten(one, agent):
    report(one, agent=agent, is_understood=False)
    one.refresh_from_db()
    fields = {"interview_at": NOW - DAY, **ALL_EXPLAINED}
    read = fields_stamp(one, fields)
    interviews.record(one, **fields | {"notes": "Relu."}, read=read, by=acting(agent, NOW))
    with pytest.raises(ValidationError, match="Sarah Lormont a entre-temps modifié cet entretien"):
        interviews.record(one, **fields, read=read, by=acting(member(Role.AGENT), NOW))
    one.refresh_from_db()
    assert one.notes == "Relu."


def test_nothing_is_called_off_twice(one, agent):
    plan(one, agent=agent)
    interviews.cancel(one, by=acting(agent, NOW))
    with pytest.raises(ValidationError, match="Aucun entretien n'est fixé"):
        interviews.cancel(one, by=acting(agent, NOW))


def test_it_is_not_called_off_without_telling_those_invited(one, agent, monkeypatch):
    def fail(*_given, **_named):
        raise RuntimeError("base arrêtée")

    plan(one, agent=agent)
    monkeypatch.setattr("pilots.prefiguration.services.interviews.tell_all", fail)
    with pytest.raises(RuntimeError):
        interviews.cancel(one, by=acting(agent, NOW))
    one.refresh_from_db()
    assert one.interview_at == INTERVIEW
