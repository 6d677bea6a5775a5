"""Between the claim and the server: what was true at the dispatch is asked again."""

import datetime as dt

import pytest
from django.core import mail as outbox
from icalendar import Calendar

from accounts.enums import Role
from calendar_app.enums import CALENDAR_MAIL, REMINDER_MAIL, ReminderState, State
from calendar_app.models import Deadline, Dispositif, Reminder
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.rules.triage import CLOSED, MOVED, NEARER
from calendar_app.services.delays import Delay, open_delay
from calendar_app.services.reminders import dispatch, plan, preference_save, set_muted
from calendar_app.services.reminders.sending import attachments_of
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL, DECISION_MAIL, RECEIPT_MAIL
from mailing.services.delivery import deliver_waiting
from mailing.services.mail import post
from tests.by import acting
from tests.calendar_app.reminding import J_7, another, at, solde, states
from tests.factories import OrganisationFactory, SolutionFactory, member
from tests.pages import as_read

pytestmark = pytest.mark.usefixtures("calendars")
DAY = dt.timedelta(days=1)


@pytest.fixture
def written(calendars):
    """Two deadlines of one person, whose J-7 are claimed and in one mail not sent yet."""
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    first = solde(organisation)
    second = another(first)
    plan(now=at("2027-09-14 12:00"))
    Reminder.objects.exclude(step=7).delete()
    dispatch(now=at(J_7))
    return person, first, second, OutgoingMail.objects.get()


def file(*deadlines):
    Deadline.objects.filter(pk__in=[d.pk for d in deadlines]).update(state=State.FILED)


def test_item_filed_meanwhile_is_dropped_and_the_same_message_leaves(written):
    _, first, second, mail = written
    file(first)

    deliver_waiting(now=at(J_7))

    [sent] = outbox.outbox
    assert sent.subject.startswith("Rappel · J-7 : ")
    assert sent.extra_headers["Message-ID"] == mail.message_id
    assert str(first.subject) not in as_read(sent.body)
    assert str(second.subject) in as_read(sent.body)
    assert sent.attachments[0].content.count("BEGIN:VEVENT") == 1
    assert (states(first), states(second)) == ({7: "CANCELLED"}, {7: "SENT"})


def test_what_was_sent_can_be_read_again_in_the_ledger(written):
    *_, mail = written

    deliver_waiting(now=at(J_7))

    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert as_read(mail.body_text) == as_read(outbox.outbox[0].body)


def test_one_milestone_is_named_once_with_its_clients_under_it(written):
    _, first, second, _mail = written

    deliver_waiting(now=at(J_7))

    lines = as_read(outbox.outbox[0].body).splitlines()
    assert lines.count(f"{first.title} (RIS)") == 1
    assert [line for line in lines if line.startswith("- ")] == [
        f"- {first.subject}",
        f"- {second.subject}",
    ]


def test_the_calendar_is_named_after_its_deadline_or_their_number(written):
    _, first, _second, _mail = written
    rows = Reminder.objects.filter(step=7)

    [several] = attachments_of(list(rows))
    [alone] = attachments_of(list(rows.filter(deadline=first)))

    names = [str(Calendar.from_ical(file.content)["X-WR-CALNAME"]) for file in (several, alone)]
    assert names == ["2 échéances", first.title]


def test_of_a_computed_delay_it_says_to_act_and_to_record_it(calendars):
    person = member(Role.SALARIE)
    organisation = person.memberships.get().organisation
    solution = SolutionFactory(organisation=organisation)
    delay = Delay("essai", "Levée des réserves", "Deux mois", at("2027-09-23 00:00"), "/", (7,))
    open_delay(delay, subject=solution, organisation=organisation, by=acting(person, at(J_7) - DAY))
    dispatch(now=at(J_7))

    deliver_waiting(now=at(J_7))

    body = as_read(outbox.outbox[0].body)
    assert ": agissez au plus tard le" in body
    assert "puis enregistrez-le sur ce site" in body


def test_nothing_left_cancels_the_mail_and_says_why(written):
    _, first, second, mail = written
    file(first, second)

    deliver_waiting(now=at(J_7))

    mail.refresh_from_db()
    assert not outbox.outbox
    assert (mail.state, mail.attempts) == (MailState.CANCELLED, 0)
    assert mail.error == "Plus rien à rappeler au moment de l'envoi."
    assert set(Reminder.objects.values_list("state", "state_reason")) == {
        (ReminderState.CANCELLED, CLOSED)
    }


def test_date_moved_meanwhile_supersedes_the_item(written):
    _, first, _, _ = written
    Deadline.objects.filter(pk=first.pk).update(version=2, due_at=at("2027-12-15 12:00"))

    deliver_waiting(now=at(J_7))

    assert outbox.outbox[0].subject.startswith("Rappel · J-7 : ")
    row = Reminder.objects.get(deadline=first)
    assert (row.state, row.state_reason) == (ReminderState.SUPERSEDED, MOVED)


def test_pause_taken_meanwhile_gives_the_reminders_back(written):
    person, first, second, _mail = written
    preference_save(
        actor=person,
        dispositif=None,
        steps=list(DEFAULT_STEPS),
        early=False,
        muted_kinds=[],
        paused_until=dt.date(2027, 9, 16),
    )

    deliver_waiting(now=at(J_7))
    assert not outbox.outbox
    assert (states(first), states(second)) == ({7: "SCHEDULED"}, {7: "SCHEDULED"})

    dispatch(now=at("2027-09-17 09:00"))
    deliver_waiting(now=at("2027-09-17 09:00"))
    assert len(outbox.outbox) == 1


def test_mail_that_waits_past_closing_leaves_at_the_next_opening_and_counts_again(written):
    _, first, _, mail = written

    deliver_waiting(now=at("2027-09-17 19:30"))

    mail.refresh_from_db()
    assert not outbox.outbox
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
    assert mail.next_attempt_at == at("2027-09-20 09:00")

    file(first)
    deliver_waiting(now=at("2027-09-20 09:00"))
    assert outbox.outbox[0].subject.startswith("Rappel · J-2 : ")


def test_one_mail_put_aside_does_not_stop_the_next(written):
    _person, first, second, _ = written
    file(first, second)
    other = OrganisationFactory()
    member(organisation=other)
    solde(other)
    plan(now=at(J_7))
    dispatch(now=at(J_7))

    deliver_waiting(now=at(J_7))

    assert len(outbox.outbox) == 1


def test_step_that_waited_so_long_that_a_nearer_one_left_is_superseded(written):
    _person, first, second, _mail = written
    OutgoingMail.objects.update(next_attempt_at=at("2027-09-17 10:00"))
    file(second)
    plan(now=at("2027-09-17 09:00"))
    Reminder.objects.filter(step__gt=7).delete()
    dispatch(now=at("2027-09-17 09:00"))  # J-3

    deliver_waiting(now=at("2027-09-17 09:00"))
    deliver_waiting(now=at("2027-09-17 10:00"))

    assert [m.subject[:12] for m in outbox.outbox] == ["Rappel · J-5"]
    row = Reminder.objects.get(deadline=first, step=7)
    assert (row.state, row.state_reason) == (ReminderState.SUPERSEDED, NEARER)


def test_person_who_changed_address_gets_it_at_the_new_one(written):
    person, *_ = written
    person.email = "nouvelle@exemple.example"
    person.save()

    deliver_waiting(now=at(J_7))

    assert outbox.outbox[0].to == ["nouvelle@exemple.example"]


def news(person, *, kind=CALENDAR_MAIL, now=None, topic=""):
    return post(
        kind=kind,
        topic=topic,
        to=person.email,
        user=person,
        template="reminder",
        context={
            "subject": "Nouvelle",
            "next": "Nouvelle",
            "filer": "",
            "groups": [],
            "several_organisations": False,
            "why": [],
        },
        now=now or at(J_7),
    )


def test_other_optional_mail_is_checked_at_sending_too(calendars):
    person = member()
    refused = news(person)
    set_muted(user=person, kind=CALENDAR_MAIL, muted=True)

    deliver_waiting(now=at(J_7))

    refused.refresh_from_db()
    assert not outbox.outbox
    assert refused.state == MailState.SHOWN
    assert refused.error == "Sans courriel : sur ce site seulement, selon vos préférences."


def choose(person, **changes):
    values = {"steps": list(DEFAULT_STEPS), "early": False, "muted_kinds": [], "paused_until": None}
    preference_save(actor=person, **{"dispositif": None, **values, **changes})


def test_unsubscribed_meanwhile_is_shown_on_the_site_only(written):
    person, first, second, mail = written
    set_muted(user=person, kind=REMINDER_MAIL, muted=True)

    deliver_waiting(now=at(J_7))

    mail.refresh_from_db()
    assert not outbox.outbox
    assert (mail.state, mail.sent_at) == (MailState.SHOWN, None)
    assert mail.subject.startswith("Rappel · 2 échéances")
    assert (states(first), states(second)) == ({7: "SENT"}, {7: "SENT"})


def test_what_is_mailed_and_what_is_shown_only_part_at_sending(calendars):
    """The person has chosen between the claim and the sending, for one dispositif."""
    organisation = OrganisationFactory()
    person = member(organisation=organisation)
    ris = solde(organisation)
    plan(now=at("2027-09-14 12:00"))
    Reminder.objects.exclude(step=7).delete()
    dispatch(now=at(J_7))
    choose(person, dispositif=ris.dispositif, muted_kinds=[REMINDER_MAIL])
    choose(person)

    deliver_waiting(now=at(J_7))

    assert [mail.state for mail in OutgoingMail.objects.all()] == [MailState.SHOWN]


@pytest.mark.parametrize(
    ("written_at", "leaves_at"),
    [
        ("2027-09-15 09:00", "2027-09-15 09:00"),
        ("2027-09-15 18:59", "2027-09-15 18:59"),
        ("2027-09-15 19:00", "2027-09-16 09:00"),
        ("2027-09-16 08:59", "2027-09-16 09:00"),
        ("2027-09-17 19:00", "2027-09-20 09:00"),  # a Friday
        ("2027-10-31 12:00", "2027-11-02 09:00"),  # a Sunday, then a holiday
    ],
)
def test_a_quiet_person_gets_optional_mails_on_the_next_working_morning(
    calendars, written_at, leaves_at
):
    person = member()
    choose(person, quiet=True)
    mail = news(person, now=at(written_at))

    deliver_waiting(now=at(written_at))

    mail.refresh_from_db()
    waits = MailState.QUEUED if written_at != leaves_at else MailState.SENT
    assert mail.state == waits
    deliver_waiting(now=at(leaves_at))
    mail.refresh_from_db()
    assert (mail.state, mail.sent_at) == (MailState.SENT, at(leaves_at))


@pytest.mark.parametrize("kind", [RECEIPT_MAIL, DECISION_MAIL, ACCOUNT_MAIL])
def test_what_proves_or_protects_leaves_at_any_hour(calendars, kind):
    person = member()
    choose(person, quiet=True, muted_kinds=[str(kind)])
    news(person, kind=kind, now=at("2027-09-19 03:00"))

    deliver_waiting(now=at("2027-09-19 03:00"))

    assert len(outbox.outbox) == 1


@pytest.mark.parametrize(
    ("topic", "state"), [("ris", MailState.SHOWN), ("drimbox", MailState.SENT)]
)
def test_a_choice_for_one_dispositif_holds_for_its_mails_alone(calendars, topic, state):
    person = member()
    choose(person, dispositif=Dispositif.objects.get(slug="ris"), muted_kinds=[CALENDAR_MAIL])
    mail = news(person, topic=str(Dispositif.objects.get(slug=topic).pk))

    deliver_waiting(now=at(J_7))

    mail.refresh_from_db()
    assert mail.state == state


def test_news_are_not_held_to_the_hours_of_reminders(calendars):
    news(member())

    deliver_waiting(now=at("2027-09-19 03:00").replace(year=2028))

    assert len(outbox.outbox) == 1
