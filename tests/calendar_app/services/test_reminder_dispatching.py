import datetime as dt

import pytest
from django.core import mail as outbox

from accounts.enums import Role
from accounts.models import Membership
from calendar_app.enums import REMINDER_MAIL, ReminderState, State
from calendar_app.models import Deadline, Dispositif, Reminder
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.rules.triage import CLOSED, LEFT, NEARER
from calendar_app.services.reminders import dispatch, plan, preference_save, set_muted
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.services import delivery
from mailing.services.mail import reserve
from tests.calendar_app.reminding import J_7, another, at, run, solde, states, team
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import as_read

SOLDE = "dépôt des demandes de paiement du solde RIS"
pytestmark = pytest.mark.usefixtures("calendars")


def html_of(message) -> str:
    [alternative] = message.alternatives
    return as_read(str(alternative.content))


@pytest.fixture
def alone(calendars):
    """One Mandataire and one deadline, the RIS solde of 22/09/2027 at 12h."""
    organisation = OrganisationFactory(name="Azimut")
    person = member(organisation=organisation)
    return person, solde(organisation)


def prefer(person, *, dispositif=None, **changes):
    values = {"steps": DEFAULT_STEPS, "early": False, "muted_kinds": [], "paused_until": None}
    preference_save(actor=person, dispositif=dispositif, **{**values, **changes})


def test_reminder_leaves_at_its_hour_and_not_before(alone):
    person, deadline = alone
    plan(now=at("2027-09-14 12:00"))
    Reminder.objects.exclude(step=7).delete()

    assert dispatch(now=at("2027-09-15 08:59")) == 0
    assert dispatch(now=at(J_7)) == 1

    assert states(deadline) == {7: "CLAIMED"}
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.user, mail.to_email) == (REMINDER_MAIL, person, person.email)


def test_what_fails_for_one_person_does_not_keep_the_others_waiting(alone, monkeypatch, caplog):
    person, deadline = alone
    other = member(organisation=deadline.organisation)
    plan(now=at("2027-09-14 12:00"))

    def garbled(*, kind, user, now):
        if user == person:
            raise LookupError("garbled")
        return reserve(kind=kind, user=user, now=now)

    place = "calendar_app.services.reminders.dispatching.reserve"
    monkeypatch.setattr(place, garbled)
    assert dispatch(now=at(J_7)) == 1
    assert OutgoingMail.objects.get().user == other
    assert f"user {person.pk} could not be written" in caplog.text
    assert Reminder.objects.get(recipient=person, step=7).state == ReminderState.SCHEDULED


def test_fate_of_the_mail_is_that_of_its_reminders(alone):
    _, deadline = alone
    run(at(J_7))

    assert states(deadline)[7] == "SENT"
    assert Reminder.objects.get(step=7).sent_at == at(J_7)
    client = deadline.prestation.client
    assert [m.subject for m in outbox.outbox] == [
        f"Rappel · J-7 : {SOLDE}, {client}, mercredi 22/09/2027 12h"
    ]


def test_dispatching_again_sends_nothing_more(alone):
    run(at(J_7))
    for minute in range(5):
        run(at(J_7) + dt.timedelta(minutes=minute))

    assert len(outbox.outbox) == 1


def test_one_mail_per_person_with_all_its_items(alone):
    person, deadline = alone
    for _ in range(2):
        another(deadline)
    other = OrganisationFactory()
    member(organisation=other)
    solde(other)

    run(at(J_7))

    assert len(outbox.outbox) == 2
    [mine] = [m for m in outbox.outbox if m.to == [person.email]]
    assert mine.subject == "Rappel · 3 échéances, la première le mercredi 22/09/2027 12h"
    assert Reminder.objects.filter(mail__user=person, state=ReminderState.SENT).count() == 3


def test_items_are_ordered_by_deadline_and_the_mail_carries_the_events():
    organisation = OrganisationFactory()
    member(organisation=organisation)
    solde(organisation)
    drimbox = SolutionFactory(organisation=organisation, drimbox=True)
    prestation = PrestationFactory(supplier=SupplierFactory(solution=drimbox))
    realisation = prestation.dispositif.milestones.get(number=5)  # 15/09/2027 at 12h
    Deadline.objects.create(
        organisation=organisation,
        dispositif=prestation.dispositif,
        milestone=realisation,
        prestation=prestation,
        title=realisation.title,
        due_at=realisation.due_at,
        created_at=at("2025-01-01 10:00"),
    )

    run(at("2027-09-15 09:00"))

    [mail] = outbox.outbox
    assert mail.subject == "Rappel · 2 échéances, la première le mercredi 15/09/2027 12h"
    body = as_read(mail.body)
    assert body.index("Réalisation des Prestations") < body.index("Dépôt des demandes")
    [attachment] = mail.attachments
    assert attachment.filename == "echeances.ics"
    assert attachment.content.count("BEGIN:VEVENT") == 2


def test_outage_is_caught_up_by_the_nearest_step_alone(alone):
    _, deadline = alone
    run(at("2027-09-20 10:00"))  # nothing ran since J-30

    assert len(outbox.outbox) == 1
    assert outbox.outbox[0].subject.startswith("Rappel · J-2 : ")
    assert {k: v for k, v in states(deadline).items() if k >= 3} == {
        30: "SUPERSEDED",
        15: "SUPERSEDED",
        7: "SUPERSEDED",
        3: "SENT",
    }
    assert Reminder.objects.get(step=7).state_reason == NEARER


@pytest.mark.parametrize(
    "moment",
    [
        "2027-09-15 19:00",
        "2027-09-16 03:00",
        "2027-09-16 08:59",
        "2027-09-18 10:00",  # Saturday
        "2027-09-19 10:00",  # Sunday
    ],
)
def test_catching_up_keeps_to_the_hours_and_days_of_work(alone, moment):
    plan(now=at("2027-09-14 12:00"))
    Reminder.objects.filter(step__gt=7).delete()

    assert dispatch(now=at(moment)) == 0
    assert dispatch(now=at("2027-09-20 09:00")) == 1


def test_on_the_last_day_catching_up_starts_at_seven(alone):
    plan(now=at("2027-09-14 12:00"))

    assert dispatch(now=at("2027-09-22 06:59")) == 0
    run(at("2027-09-22 07:00"))
    assert [m.subject[:23] for m in outbox.outbox] == ["Rappel · Aujourd'hui : "]


def test_after_an_outage_through_the_deadline_the_mail_says_that_it_is_late(alone):
    run(at("2027-09-22 14:00"))

    assert outbox.outbox[0].subject.startswith("Rappel · En retard : ")


def test_overdue_steps_then_silence(alone):
    days = [at("2027-09-22 09:00") + dt.timedelta(days=i) for i in range(30)]
    for now in days:
        run(now)

    sent = Reminder.objects.filter(state=ReminderState.SENT, step__lt=1).order_by("due_at")
    assert list(sent.values_list("step", flat=True)) == [0, -1, -7]
    assert len(outbox.outbox) == 3


def test_filed_meanwhile_is_not_reminded(alone):
    _, deadline = alone
    plan(now=at("2027-09-14 12:00"))
    Reminder.objects.filter(step__gt=7).delete()
    Deadline.objects.update(state=State.FILED)

    run(at(J_7))

    assert not outbox.outbox
    assert Reminder.objects.get(step=7).state_reason == CLOSED
    assert states(deadline)[7] == "CANCELLED"


def test_person_who_left_is_not_reminded(alone):
    person, deadline = alone
    plan(now=at("2027-09-14 12:00"))
    Membership.objects.filter(user=person).delete()
    member(organisation=deadline.organisation)

    dispatch(now=at(J_7))

    row = Reminder.objects.get(step=7, recipient=person)
    assert (row.state, row.state_reason) == (ReminderState.CANCELLED, LEFT)


def test_role_that_is_not_reminded_yet_any_more_is_left_out():
    organisation, _, representant, _ = team()
    solde(organisation)
    plan(now=at("2027-09-14 12:00"))
    Membership.objects.filter(user=representant).update(role=Role.MANDATAIRE)

    dispatch(now=at(J_7))

    assert not OutgoingMail.objects.filter(user=representant).exists()


def test_step_that_is_not_wanted_is_not_sent(alone):
    person, deadline = alone
    prefer(person, steps=[30, 1])

    run(at(J_7))

    assert states(deadline)[7] == "CANCELLED"
    assert outbox.outbox[0].subject.startswith("Rappel · J-7 : ")  # J-30, caught up
    assert states(deadline)[30] == "SENT"


def test_preference_of_the_dispositif_wins(alone):
    person, deadline = alone
    prefer(person, steps=[1])
    prefer(person, dispositif=Dispositif.objects.get(slug="ris"), steps=[7])

    run(at(J_7))

    assert states(deadline)[7] == "SENT"


def test_unsubscribed_person_gets_nothing(alone):
    person, _ = alone
    set_muted(user=person, kind=REMINDER_MAIL, muted=True)

    run(at(J_7))

    assert not outbox.outbox


def test_pause_keeps_the_steps_and_its_end_sends_the_nearest_one_only(alone):
    person, deadline = alone
    prefer(person, paused_until=dt.date(2027, 9, 19))
    for day in ("07", "15", "17"):  # J-15, J-7, J-3
        run(at(f"2027-09-{day} 09:00"))
    assert not outbox.outbox
    assert states(deadline)[7] == "SCHEDULED"

    run(at("2027-09-20 09:00"))

    assert len(outbox.outbox) == 1
    assert {k: v for k, v in states(deadline).items() if 0 < k < 30} == {
        15: "SUPERSEDED",
        7: "SUPERSEDED",
        3: "SENT",
        1: "SCHEDULED",
    }


def test_step_older_than_one_already_sent_is_superseded(alone):
    _person, deadline = alone
    run(at(J_7))
    Reminder.objects.filter(step=15).update(state=ReminderState.SCHEDULED, mail=None)

    run(at("2027-09-16 09:00"))

    assert len(outbox.outbox) == 1
    assert states(deadline)[15] == "SUPERSEDED"


@pytest.mark.parametrize(
    ("nearer", "sent", "older"),
    [
        (ReminderState.SENT, 0, "SUPERSEDED"),
        (ReminderState.CLAIMED, 0, "SUPERSEDED"),
        (ReminderState.CANCELLED, 1, "CLAIMED"),
        (ReminderState.FAILED, 1, "CLAIMED"),
    ],
)
def test_older_step_leaves_only_where_no_nearer_one_was_or_is_being_sent(
    alone, nearer, sent, older
):
    _person, deadline = alone
    plan(now=at("2027-09-14 12:00"))
    Reminder.objects.exclude(step__in=[15, 7]).delete()
    Reminder.objects.filter(step=7).update(state=nearer)

    assert dispatch(now=at("2027-09-16 09:00")) == sent

    assert states(deadline) == {15: older, 7: nearer.name}


def test_draft_is_shouted_in_subject_and_body(alone):
    _, deadline = alone
    deadline.filings.create(number=1)
    Deadline.objects.update(state=State.DRAFT)

    run(at(J_7))

    [mail] = outbox.outbox
    assert mail.subject.startswith("Rappel · Brouillon non déposé – J-7 : ")
    assert as_read(mail.body).startswith("Brouillon non déposé : rien n'est parti.")
    assert "Brouillon non déposé" in html_of(mail)


def test_mail_says_where_to_file_why_it_came_and_how_to_stop(alone):
    _person, deadline = alone
    run(at(J_7))

    [mail] = outbox.outbox
    assert f"/echeances/{deadline.pk}/" in as_read(mail.body)
    assert "Se dépose sur le portail de l'ASP" in as_read(mail.body)
    assert "parce que vous êtes Mandataire d'Azimut, à l'étape J-7" in as_read(mail.body)
    assert "/rappels/preferences/" in as_read(mail.body)
    for link in (f"/echeances/{deadline.pk}/", "/rappels/preferences/", "/desabonnement/"):
        assert link in html_of(mail)


def test_mail_of_a_money_step_shows_what_is_missing(alone):
    _, deadline = alone
    supplier = deadline.prestation.supplier
    supplier.psc_until = dt.date(2027, 1, 1)
    supplier.save()

    run(at(J_7))

    assert "Il manque : L'habilitation EDC PSC" in as_read(outbox.outbox[0].body)


@pytest.mark.parametrize(("others", "shown"), [("same supplier", 1), ("another solution", 2)])
def test_what_all_clients_lack_is_shown_once_and_what_some_lack_beside_each(alone, others, shown):
    _, deadline = alone
    supplier = deadline.prestation.supplier
    supplier.psc_until = dt.date(2027, 1, 1)
    supplier.save()
    another(deadline)
    if others == "another solution":
        solde(deadline.organisation)

    run(at(J_7))

    assert as_read(outbox.outbox[0].body).count("L'habilitation EDC PSC") == shown


def test_queries_of_a_dispatch_do_not_grow_with_its_items(
    alone, django_assert_max_num_queries, django_assert_num_queries
):
    _, deadline = alone
    plan(now=at("2027-09-14 12:00"))
    with django_assert_max_num_queries(30) as few:
        dispatch(now=at(J_7))
    Reminder.objects.all().delete()
    for _ in range(4):
        another(deadline)
    plan(now=at("2027-09-14 12:00"))

    with django_assert_num_queries(len(few)):
        dispatch(now=at(J_7))


def test_mail_cannot_be_sent_twice_by_two_tasks_of_one_broker_message(alone):
    plan(now=at("2027-09-14 12:00"))
    dispatch(now=at(J_7))
    pk = OutgoingMail.objects.get().pk

    delivery.deliver(pk, now=at(J_7))
    delivery.deliver(pk, now=at(J_7))

    assert len(outbox.outbox) == 1
    assert OutgoingMail.objects.get().state == MailState.SENT
