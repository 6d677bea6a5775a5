"""Contacts: asked for once, given, erased on their day with nothing left of the person."""

import datetime as dt
import json

import pytest
import time_machine
from django.apps import apps
from django.core import mail, serializers
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline, Reminder, ReminderPreference
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.services.delivery import deliver_waiting
from pilots.enums import Stage
from pilots.prefiguration.models import Contact
from pilots.prefiguration.services import contact_requests, contacts, prefigurateurs
from privacy.tasks import retain
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, PrefigurateurFactory, SolutionFactory, member
from tests.pages import as_read
from tests.pilots.prefigurateurs import (
    AFTER,
    DAY,
    EMAIL,
    INTERVIEW,
    NOW,
    PERSON,
    SECRETS,
    at_stage,
    give,
    kept_for,
    plan,
    report,
)

pytestmark = pytest.mark.usefixtures("calendars")
DUE = dt.date(2026, 12, 11)


@pytest.fixture
def agent():
    return member(Role.AGENT)


@pytest.fixture
def editeur():
    return OrganisationFactory()


@pytest.fixture
def solution(editeur):
    return SolutionFactory(drimbox=True, organisation=editeur)


def ask(*rows, agent, due_on=DUE, now=NOW):
    return contact_requests.ask(rows, due_on=due_on, confirmed=True, by=acting(agent, now))


class TestAsking:
    def test_one_mail_per_person_names_all_its_establishments(self, agent, solution, editeur):
        people = [member(Role.SALARIE, editeur), member(Role.MANDATAIRE, editeur)]
        mine = [PrefigurateurFactory(solution=solution) for _ in range(3)]
        other = PrefigurateurFactory()
        asked = ask(*mine, other, agent=agent)
        assert (asked.prefigurateurs, asked.editeurs) == (4, 2)
        assert asked.unreached == [other.solution.organisation.name]
        deliver_waiting(now=NOW)
        assert sorted(m.to[0] for m in mail.outbox) == sorted(p.email for p in people)
        for message in mail.outbox:
            assert all(one.name in as_read(message.body) for one in mine)
            assert other.name not in as_read(message.body)
            assert "au plus tard le 11/12/2026 : 3 préfigurateurs" in message.subject
            assert "au plus tard le vendredi 11 décembre 2026" in as_read(message.body)

    def test_asked_twice_it_is_written_once_and_another_day_moves_the_delay(
        self, agent, solution, editeur
    ):
        member(Role.SALARIE, editeur)
        one = PrefigurateurFactory(solution=solution)
        ask(one, agent=agent)
        ask(one, agent=agent)
        assert OutgoingMail.objects.count() == 1
        ask(one, agent=agent, due_on=DUE + 7 * DAY)
        assert OutgoingMail.objects.count() == 2
        deadline = Deadline.objects.get(code=f"contact-{one.pk}")
        assert deadline.due_at == dt.datetime(2026, 12, 18, 23, tzinfo=dt.UTC)
        assert (deadline.version, deadline.organisation) == (2, editeur)

    def test_each_is_a_deadline_that_the_reminders_remind(self, agent, solution, editeur):
        member(Role.SALARIE, editeur)
        one = PrefigurateurFactory(solution=solution)
        ask(one, agent=agent)
        one.refresh_from_db()
        assert one.contact_request.steps == [7, 3, 1, 0, -1]
        assert one.contact_request.page.endswith(f"/prefigurateurs/{one.pk}/")
        steps = Reminder.objects.filter(deadline=one.contact_request)
        assert {row.step for row in steps} == {7, 3, 1, 0, -1}

    def test_the_contact_settles_it_and_without_contact_again_it_can_be_asked_again(
        self, agent, solution, editeur
    ):
        person = member(Role.SALARIE, editeur)
        one = PrefigurateurFactory(solution=solution)
        ask(one, agent=agent)
        contact = give(one, actor=person)
        one.refresh_from_db()
        assert (one.stage, one.contact_request.state) == (Stage.CONTACT, State.ACCEPTED)
        assert entries(one.contact_request)[-1].what == "Contact technique donné"
        with pytest.raises(ValidationError, match="désormais un contact"):
            ask(one, agent=agent)
        contacts.erase(contact, by=acting(person, NOW))
        ask(one, agent=agent, due_on=DUE + DAY)
        one.contact_request.refresh_from_db()
        assert one.contact_request.state == State.TO_DO

    def test_dropped_nobody_is_reminded(self, agent, solution, editeur):
        member(Role.SALARIE, editeur)
        one = PrefigurateurFactory(solution=solution)
        ask(one, agent=agent)
        prefigurateurs.drop(one, reason="Reporté.", by=acting(agent, NOW))
        asked = Deadline.objects.get(code=f"contact-{one.pk}")
        assert asked.state == State.NOT_APPLICABLE
        assert entries(asked)[-1].what == "Contact plus nécessaire"

    def test_who_refuses_these_mails_is_shown_it_on_the_site(self, agent, solution, editeur):
        person = member(Role.SALARIE, editeur)
        ReminderPreference.objects.create(user=person, steps=[], muted_kinds=["PREFIG"])
        assert not ask(PrefigurateurFactory(solution=solution), agent=agent).unreached
        deliver_waiting(now=NOW)
        assert [mail.state for mail in OutgoingMail.objects.all()] == [MailState.SHOWN]

    @pytest.mark.parametrize("due_on", [NOW.date(), NOW.date() - DAY, dt.date(2028, 1, 1)])
    def test_a_day_that_is_no_deadline_is_refused(self, agent, due_on):
        with pytest.raises(ValidationError, match="dans les six mois"):
            ask(PrefigurateurFactory(), agent=agent, due_on=due_on)

    def test_only_the_ans_asks(self, solution, editeur):
        with pytest.raises(PermissionDenied):
            ask(PrefigurateurFactory(solution=solution), agent=member(organisation=editeur))


class TestGiving:
    @pytest.mark.parametrize(
        ("delete_on", "message"),
        [
            (dt.date(2026, 11, 23), "un jour à venir"),
            (dt.date(2027, 11, 24), "pas plus de 12 mois"),
            (dt.date(2027, 11, 23), None),
            (dt.date(2026, 11, 24), None),
        ],
    )
    def test_it_is_kept_for_a_bounded_time(self, delete_on, message):
        one = PrefigurateurFactory()
        if message is None:
            assert give(one, delete_on=delete_on).delete_on == delete_on
        else:
            with pytest.raises(ValidationError, match=message):
                give(one, delete_on=delete_on)

    def test_the_longest_time_is_a_parameter_and_what_was_given_keeps_its_day(self):
        one = PrefigurateurFactory()
        first = give(one, delete_on=dt.date(2027, 11, 23))
        kept_for(3)
        with pytest.raises(ValidationError, match="pas plus de 3 mois"):
            give(one, email="basile@hopital.example", delete_on=dt.date(2027, 2, 24))
        give(one, email="basile@hopital.example", delete_on=dt.date(2027, 2, 23))
        first.refresh_from_db()
        assert first.delete_on == dt.date(2027, 11, 23)

    @pytest.mark.parametrize(
        ("stage", "message"), [(Stage.PUBLIC, "est public"), (Stage.DROPPED, "est écarté")]
    )
    def test_none_is_taken_once_the_preparation_is_over(self, stage, message):
        one = at_stage(stage)
        before = one.contacts.count()
        with pytest.raises(ValidationError, match=message):
            give(one, email="basile@hopital.example")
        assert one.contacts.count() == before

    def test_the_same_person_twice_is_refused(self):
        one = PrefigurateurFactory()
        give(one)
        with pytest.raises(ValidationError, match="déjà donnée"):
            give(one, email=EMAIL.upper())

    @pytest.mark.parametrize("role", [Role.AGENT, Role.RESPONSABLE, Role.MANDATAIRE])
    def test_the_editeur_gives_it_and_nobody_else(self, role):
        with pytest.raises(PermissionDenied):
            give(PrefigurateurFactory(), actor=member(role))


def corrected(contact, actor, **fields):
    return contacts.correct(contact, **PERSON | fields, by=acting(actor, NOW))


class TestCorrecting:
    def test_a_mistake_is_corrected_the_rest_stays_and_the_journal_keeps_no_data(self):
        one = PrefigurateurFactory()
        contact, editeur = give(one), member(Role.SALARIE, one.solution.organisation)
        corrected(contact, editeur, full_name="Agathe Lanternier", phone="0199000001")
        found = one.contacts.get()
        assert (found.full_name, found.phone) == ("Agathe Lanternier", "0199000001")
        kept = ("purpose", "source", "delete_on", "given_at", "given_by_name", "email")
        assert [getattr(found, name) for name in kept] == [getattr(contact, name) for name in kept]
        event = entries(one)[-1]
        assert (event.what, event.note) == ("Contact technique corrigé", "Nom, téléphone.")
        assert event.signer.user_id == editeur.pk
        assert "Lantern" not in everything_stored().replace(str(found), "")

    def test_the_same_again_says_nothing(self):
        one = PrefigurateurFactory()
        corrected(give(one), member(Role.SALARIE, one.solution.organisation))
        assert "Contact technique corrigé" not in [entry.what for entry in entries(one)]

    def test_the_invitation_follows_to_the_address_that_was_meant(self, agent):
        one = PrefigurateurFactory()
        contact = give(one)
        plan(one, agent=agent)
        corrected(contact, agent, email="a.lanterne@hopital.example")
        deliver_waiting(now=NOW)
        found = [(m.to[0], m.subject.partition(" ")[0]) for m in mail.outbox]
        assert [to for to, _ in found] == [EMAIL, EMAIL, "a.lanterne@hopital.example"]
        assert found[1][1] == "Annulé"
        sequences = [m.attachments[0][1].partition("SEQUENCE:")[2][0] for m in mail.outbox]
        assert sequences == ["0", "1", "1"]

    def test_erased_later_neither_the_mistake_nor_the_data_is_left(self, agent):
        one = PrefigurateurFactory()
        contact = give(one, full_name="Agate Lanterne", email="agate.lanterne@hopital.example")
        plan(one, agent=agent)
        corrected(contact, agent)
        deliver_waiting(now=NOW)
        contacts.erase(contact, by=acting(agent, NOW))
        deliver_waiting(now=NOW)
        contacts.erase_due(now=NOW)
        left = everything_stored().lower()
        assert not [word for word in ("agate", *SECRETS) if json.dumps(word.lower())[1:-1] in left]

    def test_another_contact_s_address_and_an_erased_contact_are_refused(self, agent):
        one = PrefigurateurFactory()
        first, _ = give(one), give(one, email="basile@hopital.example")
        with pytest.raises(ValidationError, match="déjà donnée"):
            corrected(first, agent, email="Basile@hopital.example")
        contacts.erase(first, by=acting(agent, NOW))
        with pytest.raises(ValidationError, match="est effacé"):
            corrected(first, agent)

    def test_a_public_one_is_still_corrected_and_not_by_anybody(self):
        one = at_stage(Stage.PUBLIC)
        contact = one.contacts.get()
        with pytest.raises(PermissionDenied):
            corrected(contact, member(Role.MANDATAIRE), job="RSSI")
        corrected(contact, member(Role.SALARIE, one.solution.organisation), job="RSSI")
        assert one.contacts.get().job == "RSSI"


def everything_stored():
    """All rows of all tables, as text."""
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    return "".join(serializers.serialize("json", m._default_manager.all()) for m in models)


class TestErasing:
    def test_on_its_day_nothing_of_the_person_is_left_in_any_table(self, agent):
        one = PrefigurateurFactory()
        ask(one, agent=agent)
        give(one, delete_on=dt.date(2027, 1, 15))
        plan(one, agent=agent)
        report(one, agent=agent, at=INTERVIEW, now=AFTER)
        deliver_waiting(now=NOW)
        assert EMAIL in everything_stored()
        with time_machine.travel(dt.datetime(2027, 1, 14, 22, 59, 59, tzinfo=dt.UTC), tick=False):
            assert retain()["contacts"] == 0
        with time_machine.travel(dt.datetime(2027, 1, 14, 23, tzinfo=dt.UTC), tick=False):
            assert retain()["contacts"] == 1
            assert retain()["contacts"] == 0
        left = everything_stored()
        assert not [secret for secret in SECRETS if json.dumps(secret)[1:-1] in left]
        contact = one.contacts.get()
        assert contact.erased_at == dt.datetime(2027, 1, 14, 23, tzinfo=dt.UTC)
        assert contact.erased_why == "Date d'effacement atteinte."
        assert (contact.purpose, contact.source) != ("", "")
        event = entries(one)[-1]
        assert (event.what, str(event.signer)) == ("Contact technique effacé", "Application")
        one.refresh_from_db()
        assert one.stage == Stage.INTERVIEW

    def test_after_an_outage_all_that_was_due_is_erased(self):
        for days in (10, 20, 300):
            give(PrefigurateurFactory(), delete_on=NOW.date() + days * DAY)
        assert contacts.erase_due(now=NOW + 60 * DAY) == 2
        assert Contact.objects.kept().count() == 1

    def test_before_the_interview_the_last_one_takes_it_back_to_the_working_list(self, agent):
        one = PrefigurateurFactory()
        give(one, delete_on=NOW.date() + DAY)
        contacts.erase_due(now=NOW + DAY)
        one.refresh_from_db()
        assert one.stage == Stage.WORKING_LIST

    def test_one_of_two_leaves_the_other(self):
        one = PrefigurateurFactory()
        first, _second = give(one), give(one, email="basile@hopital.example")
        editeur = member(Role.SALARIE, one.solution.organisation)
        contacts.erase(first, by=acting(editeur, NOW))
        contacts.erase(first, by=acting(editeur, NOW))
        one.refresh_from_db()
        assert one.stage == Stage.CONTACT
        assert [e.what for e in entries(one)].count("Contact technique effacé") == 1

    def test_the_last_one_invited_calls_the_interview_off(self, agent):
        one = PrefigurateurFactory()
        give(one, email="basile@hopital.example", delete_on=NOW.date() + 3 * DAY)
        invited = give(one)
        plan(one, agent=agent)
        contacts.erase(invited, by=acting(agent, NOW))
        one.refresh_from_db()
        assert (one.stage, one.interview_at) == (Stage.CONTACT, None)

    def test_one_of_two_invited_leaves_and_only_its_agenda_loses_the_interview(self, agent):
        one = PrefigurateurFactory()
        invited, _other = give(one), give(one, email="basile@hopital.example")
        plan(one, agent=agent)
        contacts.erase(invited, by=acting(agent, NOW))
        deliver_waiting(now=NOW)
        left = [(m.to[0], m.subject.partition(" ")[0]) for m in mail.outbox]
        assert [to for to, word in left if word == "Annulé"] == [EMAIL]
        one.refresh_from_db()
        assert one.interview_at == INTERVIEW

    def test_with_an_interview_held_but_not_reported_the_stage_waits_for_the_report(self, agent):
        one = PrefigurateurFactory()
        give(one, delete_on=INTERVIEW.date() + DAY)
        plan(one, agent=agent)
        contacts.erase_due(now=INTERVIEW + 2 * DAY)
        one.refresh_from_db()
        assert (one.stage, one.interview_at) == (Stage.CONTACT, INTERVIEW)

    def test_on_demand_the_interview_is_called_off_first_then_its_mail_forgotten(self, agent):
        one = PrefigurateurFactory()
        contact = give(one)
        plan(one, agent=agent)
        deliver_waiting(now=NOW)
        contacts.erase(contact, by=acting(agent, NOW))
        assert OutgoingMail.objects.filter(to_email=EMAIL).count() == 1  # the CANCEL, to be sent
        deliver_waiting(now=NOW)
        assert "annulé" in as_read(mail.outbox[-1].body)
        contacts.erase_due(now=NOW)
        assert not OutgoingMail.objects.filter(to_email=EMAIL).exists()
        assert contacts.forget_addresses() == 0
        one.refresh_from_db()
        assert (one.stage, one.interview_at) == (Stage.WORKING_LIST, None)

    @pytest.mark.parametrize(
        ("role", "own", "allowed"),
        [
            (Role.SALARIE, True, True),
            (Role.MANDATAIRE, False, False),
            (Role.AGENT, False, True),
        ],
    )
    def test_who_may_erase(self, role, own, allowed):
        contact = at_stage(Stage.CONTACT).contacts.get()
        editeur = contact.prefigurateur.solution.organisation
        actor = member(role, editeur) if own else member(role)
        if allowed:
            contacts.erase(contact, by=acting(actor, NOW))
        else:
            with pytest.raises(PermissionDenied):
                contacts.erase(contact, by=acting(actor, NOW))
        contact.refresh_from_db()
        assert (contact.full_name == PERSON["full_name"]) is not allowed
