"""An amendment end to end: version, deadlines, reminders, agenda, mail."""

import datetime as dt
from typing import Any

import icalendar
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import Role
from calendar_app.enums import CALENDAR_MAIL, Nature, ReminderState, State
from calendar_app.models import (
    Deadline,
    Milestone,
    MilestoneVersion,
    Reminder,
    ReminderPreference,
)
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.services import calendar_news, reminders
from calendar_app.services.calendars import milestone_amend
from calendar_app.services.deadlines import open_deadlines
from mailing.models import OutgoingMail
from mailing.services import mail
from mailing.services import mail as telling
from segur import queue
from tests.by import acting
from tests.calendar_app.agenda import event_of, starts
from tests.entries import entries
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import as_read

pytestmark = pytest.mark.usefixtures("calendars")
OPENED = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2027, 5, 20, 8, tzinfo=dt.UTC)
OLD = dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)
NEW = dt.datetime(2027, 7, 7, 10, tzinfo=dt.UTC)


@pytest.fixture
def responsable():
    return member(Role.RESPONSABLE)


@pytest.fixture
def milestone():
    return Milestone.objects.get(code="ris-5")


def amend(milestone, responsable, **changes):
    given: dict[str, Any] = {
        "due_at": NEW,
        "reason": "Report d'un mois.",
        "source": "Arrêté fictif du 18/05/2027",
        "nature": Nature.REGULATORY,
        "now": NOW,
    } | changes
    by = acting(responsable, given.pop("now"))
    return milestone_amend(milestone=milestone, by=by, **given)


def tell(milestone, responsable, **changes):
    """Amend, then what the task does after the commit."""
    version = amend(milestone, responsable, **changes)
    assert calendar_news.tell_version(version, now=NOW)


def deadline_of(organisation, state=State.TO_DO):
    """Milestone 5 of a new prestation of this organisation."""
    solution = SolutionFactory(organisation=organisation)
    prestation = PrestationFactory(supplier=SupplierFactory(solution=solution))
    open_deadlines(now=OPENED, prestation=prestation)
    Deadline.objects.filter(prestation=prestation).update(state=state)
    return Deadline.objects.get(prestation=prestation, milestone__number=5)


def calendar_mails(user):
    return OutgoingMail.objects.filter(user=user, kind=CALENDAR_MAIL)


def test_the_date_gains_a_version_and_keeps_the_old_one(milestone, responsable):
    amend(milestone, responsable)
    milestone.refresh_from_db()
    assert (milestone.due_at, milestone.version) == (NEW, 2)
    second, first = milestone.versions.all()
    assert (first.number, first.due_at) == (1, OLD)
    assert (second.number, second.due_at, second.created_at) == (2, NEW, NOW)
    assert (second.reason, second.source) == ("Report d'un mois.", "Arrêté fictif du 18/05/2027")
    assert (second.author, second.author_name) == (responsable, str(responsable))


@pytest.mark.parametrize("state", State)
def test_deadlines_follow_in_every_state_and_keep_it(milestone, responsable, state):
    deadline = deadline_of(OrganisationFactory(), state)
    amend(milestone, responsable)
    deadline.refresh_from_db()
    assert (deadline.due_at, deadline.version, deadline.state) == (NEW, 2, state)
    [event] = entries(deadline)
    assert event.what == "Date du jalon : 07/07/2027 12h au lieu de 09/06/2027 12h"
    assert event.at == NOW
    assert "Arrêté fictif" in event.note


def test_deadlines_of_other_milestones_do_not_move(milestone, responsable):
    deadline = deadline_of(OrganisationFactory())
    amend(milestone, responsable)
    others = Deadline.objects.filter(prestation=deadline.prestation).exclude(pk=deadline.pk)
    assert {other.version for other in others} == {1}
    assert not any(entries(other) for other in others)


def test_reminders_of_the_old_date_are_superseded_and_new_ones_planned(milestone, responsable):
    organisation = OrganisationFactory()
    member(Role.SALARIE, organisation=organisation)
    member(Role.MANDATAIRE, organisation=organisation)
    deadline = deadline_of(organisation)
    reminders.plan(now=NOW)
    old = Reminder.objects.filter(deadline=deadline, subject_version=1)
    assert old.filter(state=ReminderState.SCHEDULED).exists()
    amend(milestone, responsable)
    assert not old.filter(state=ReminderState.SCHEDULED).exists()
    new = Reminder.objects.filter(deadline=deadline, subject_version=2)
    assert set(new.values_list("state", flat=True)) == {ReminderState.SCHEDULED}
    assert set(new.values_list("step", flat=True)) <= set(DEFAULT_STEPS)


def test_each_person_concerned_is_notified_once(milestone, responsable):
    organisation = OrganisationFactory()
    people = [member(role, organisation=organisation) for role in (Role.SALARIE, Role.MANDATAIRE)]
    deadline_of(organisation)
    deadline_of(organisation)
    tell(milestone, responsable)
    for person in people:
        mail = calendar_mails(person).get()
        assert mail.subject == (
            "Date modifiée : Réalisation des Prestations Ségur de mise à jour RIS Vague 2, RIS, "
            "désormais avant le 07/07/2027 12h"
        )
        assert "Ancienne date : avant le mercredi 9 juin 2027 à 12h (heure de Paris)" in (
            as_read(mail.body_text)
        )
        assert "Motif : Report d'un mois." in as_read(mail.body_text)
        assert "2 de vos échéances sont encore à faire" in as_read(mail.body_text)
        assert mail.headers["List-Unsubscribe"]


def test_a_member_of_two_organisations_concerned_is_notified_once(milestone, responsable):
    first, second = OrganisationFactory(), OrganisationFactory()
    person = member(organisation=first)
    person.memberships.create(organisation=second, role=Role.SALARIE)
    deadline_of(first)
    deadline_of(second)
    tell(milestone, responsable)
    mail = calendar_mails(person).get()
    assert first.name in as_read(mail.body_text)
    assert second.name in as_read(mail.body_text)


def test_nobody_else_is_notified_and_nobody_reads_of_another_organisation(milestone, responsable):
    concerned, other, unconcerned = (OrganisationFactory() for _ in range(3))
    person = member(organisation=concerned)
    member(organisation=other)
    outsider = member(organisation=unconcerned)
    mine, theirs = deadline_of(concerned), deadline_of(other)
    tell(milestone, responsable)
    assert not calendar_mails(outsider).exists()
    assert not calendar_mails(responsable).exists()
    mail = calendar_mails(person).get()
    assert str(mine.subject) in as_read(mail.body_text)
    assert str(theirs.subject) not in as_read(mail.body_text) + as_read(mail.body_html)
    (event,) = icalendar.Calendar.from_ical(mail.attachments[0]["content"]).events
    assert event["UID"] == f"echeance-{mine.pk}@segur-imagerie-echeances"


def test_a_deadline_sans_objet_concerns_nobody(milestone, responsable):
    person = member()
    deadline_of(person.memberships.get().organisation, State.NOT_APPLICABLE)
    tell(milestone, responsable)
    assert not calendar_mails(person).exists()


def test_who_has_filed_everything_reads_that_nothing_is_left(milestone, responsable):
    person = member()
    deadline_of(person.memberships.get().organisation, State.FILED)
    tell(milestone, responsable)
    mail = calendar_mails(person).get()
    assert "vous n'avez rien à faire" in as_read(mail.body_text)
    assert mail.attachments == []


def test_who_switched_calendar_mails_off_is_not_notified(milestone, responsable):
    person = member()
    deadline_of(person.memberships.get().organisation)
    ReminderPreference.objects.create(
        user=person, steps=list(DEFAULT_STEPS), muted_kinds=[CALENDAR_MAIL]
    )
    tell(milestone, responsable)
    assert not calendar_mails(person).exists()


def test_a_second_amendment_is_mailed_again(milestone, responsable):
    person = member()
    deadline_of(person.memberships.get().organisation)
    tell(milestone, responsable)
    milestone.refresh_from_db()
    tell(milestone, responsable, due_at=NEW + dt.timedelta(days=7))
    assert calendar_mails(person).count() == 2


def test_the_mail_carries_the_event_with_its_next_sequence(milestone, responsable):
    person = member()
    deadline = deadline_of(person.memberships.get().organisation)
    milestone.versions.update(created_at=OPENED)
    before = event_of(deadline)
    tell(milestone, responsable)
    (attachment,) = calendar_mails(person).get().attachments
    (event,) = icalendar.Calendar.from_ical(attachment["content"]).events
    assert event["UID"] == before["UID"]
    assert (before["SEQUENCE"], event["SEQUENCE"]) == (0, 1)
    assert starts(event) == NEW
    assert event.decoded("LAST-MODIFIED") == NOW


def test_an_estimate_never_takes_the_place_of_the_regulatory_date(milestone, responsable):
    person = member()
    deadline = deadline_of(person.memberships.get().organisation)
    reminders.plan(now=NOW)
    planned = list(Reminder.objects.order_by("pk").values())
    tell(milestone, responsable, nature=Nature.ESTIMATED)
    milestone.refresh_from_db()
    deadline.refresh_from_db()
    assert (milestone.due_at, milestone.estimated_at, milestone.version) == (OLD, NEW, 2)
    assert (deadline.due_at, deadline.version, deadline.estimated_at) == (OLD, 1, NEW)
    reminders.plan(now=NOW)
    assert list(Reminder.objects.order_by("pk").values()) == planned
    assert entries(deadline)[0].what == "Date estimée du jalon : ≈ 07/07/2027 12h"
    mail = calendar_mails(person).get()
    assert mail.subject.startswith("Date estimée : Réalisation")
    assert mail.subject.endswith("≈ 07/07/2027 12h")
    body = as_read(mail.body_text)
    assert "garde sa date réglementaire, avant le mercredi 9 juin 2027 à 12h" in body
    assert "Vos échéances et vos rappels ne changent pas" in body


def test_the_next_regulatory_date_removes_the_estimate(milestone, responsable):
    deadline = deadline_of(OrganisationFactory())
    amend(milestone, responsable, nature=Nature.ESTIMATED)
    milestone.refresh_from_db()
    amend(milestone, responsable, due_at=OLD)
    milestone.refresh_from_db()
    deadline.refresh_from_db()
    assert (milestone.due_at, milestone.estimated_at) == (OLD, None)
    assert (milestone.version, milestone.date_version, deadline.version) == (3, 1, 1)
    assert entries(deadline)[-1].what == "Date estimée du jalon retirée"


def test_an_agenda_takes_the_estimate_for_a_change_of_the_same_event(milestone, responsable):
    deadline = deadline_of(OrganisationFactory())
    amend(milestone, responsable, nature=Nature.ESTIMATED)
    event = event_of(deadline)
    assert (event["SEQUENCE"], starts(event), event["STATUS"]) == (1, OLD, "CONFIRMED")
    assert event["SUMMARY"].endswith("(≈ 07/07/2027 12h)")
    assert ", ≈ mercredi 7 juillet 2027 à 12h" in as_read(event["DESCRIPTION"])


def test_an_amendment_taken_back_before_its_news_mails_nobody(milestone, responsable):
    person = member()
    deadline_of(person.memberships.get().organisation)
    amend(milestone, responsable)
    milestone.refresh_from_db()
    amend(milestone, responsable, due_at=OLD)
    assert calendar_news.tell_waiting(now=NOW) == 1
    assert calendar_news.tell_waiting(now=NOW) == 0
    assert not calendar_mails(person).exists()


def test_an_amendment_taken_back_after_its_news_is_reported_once_more(milestone, responsable):
    person = member()
    deadline_of(person.memberships.get().organisation)
    tell(milestone, responsable)
    milestone.refresh_from_db()
    tell(milestone, responsable, due_at=OLD)
    assert calendar_news.tell_waiting(now=NOW) == 0
    _first, second = calendar_mails(person).order_by("pk")
    assert "Ancienne date : avant le mercredi 7 juillet 2027" in as_read(second.body_text)


def test_taken_back_half_way_only_those_who_were_mailed_are_notified(
    milestone, responsable, monkeypatch
):
    organisation = OrganisationFactory()
    people = [member(organisation=organisation) for _ in range(3)]
    deadline_of(organisation)
    amend(milestone, responsable)
    post, posted = mail.post, []

    def killed_at_the_second(**kwargs):
        if posted:
            raise SystemExit
        posted.append(post(**kwargs))

    with monkeypatch.context() as patch:
        patch.setattr(telling, "post", killed_at_the_second)
        with pytest.raises(SystemExit):
            calendar_news.tell_waiting(now=NOW)
    milestone.refresh_from_db()
    amend(milestone, responsable, due_at=OLD)
    calendar_news.tell_waiting(now=NOW)
    assert sorted(calendar_mails(person).count() for person in people) == [0, 0, 2]


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE])
def test_only_a_responsable_amends(milestone, role):
    with pytest.raises(PermissionDenied):
        amend(milestone, member(role))
    assert milestone.versions.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_at": OLD}, "due_at"),
        ({"due_at": NOW - dt.timedelta(hours=1)}, "due_at"),
        ({"due_at": dt.datetime(2027, 7, 6, 22, tzinfo=dt.UTC)}, "due_at"),
        ({"reason": "  "}, "reason"),
        ({"source": ""}, "source"),
    ],
)
def test_a_refusal_changes_nothing(milestone, responsable, changes, field):
    person = member()
    deadline = deadline_of(person.memberships.get().organisation)
    with pytest.raises(ValidationError) as caught:
        amend(milestone, responsable, **changes)
    assert list(caught.value.message_dict) == [field]
    milestone.refresh_from_db()
    deadline.refresh_from_db()
    assert (milestone.version, deadline.version) == (1, 1)
    assert not calendar_mails(person).exists()


def test_of_two_amendments_of_the_same_version_the_second_is_refused(milestone, responsable):
    """Both have read version 1: the row itself, not what the second has read, decides."""
    read_by_the_other = Milestone.objects.get(pk=milestone.pk)
    amend(milestone, responsable)
    with pytest.raises(ValidationError, match="Quelqu'un d'autre vient de modifier ce jalon"):
        amend(read_by_the_other, member(Role.RESPONSABLE), due_at=NEW + dt.timedelta(days=7))
    assert milestone.versions.count() == 2


def test_the_database_refuses_a_second_version_of_one_number(milestone):
    with pytest.raises(IntegrityError), transaction.atomic():
        MilestoneVersion.objects.create(milestone=milestone, number=1, due_at=NEW, source="x")


def test_an_amendment_writes_no_mail_and_asks_for_the_task_after_its_commit(
    milestone, responsable, django_capture_on_commit_callbacks, monkeypatch
):
    asked = []
    monkeypatch.setattr(queue, "_send", lambda *args: asked.append(args))
    person = member()
    deadline_of(person.memberships.get().organisation)
    with django_capture_on_commit_callbacks(execute=True):
        version = amend(milestone, responsable)
        assert not asked
    assert asked == [(queue.TELL_AMENDMENT, (version.pk,))]
    assert not calendar_mails(person).exists()


def test_without_its_task_the_periodic_one_sends_and_both_together_send_once(
    milestone, responsable
):
    person = member()
    deadline_of(person.memberships.get().organisation)
    version = amend(milestone, responsable)
    assert calendar_news.tell_waiting(now=NOW) == 1
    assert calendar_news.tell_waiting(now=NOW) == 0
    assert calendar_news.tell_version(version, now=NOW)  # read before the other had finished
    version.refresh_from_db()
    assert version.told_at == NOW
    assert not calendar_news.tell_version(version, now=NOW)
    assert calendar_mails(person).count() == 1


def test_killed_half_way_it_starts_over_and_writes_the_missing_ones(
    milestone, responsable, monkeypatch
):
    organisation = OrganisationFactory()
    people = [member(organisation=organisation) for _ in range(3)]
    deadline_of(organisation)
    version = amend(milestone, responsable)
    post, posted = mail.post, []

    def killed_at_the_third(**kwargs):
        if len(posted) == 2:
            raise SystemExit
        posted.append(post(**kwargs))

    with monkeypatch.context() as patch:
        patch.setattr(telling, "post", killed_at_the_third)
        with pytest.raises(SystemExit):
            calendar_news.tell_waiting(now=NOW)
    version.refresh_from_db()
    assert version.told_at is None
    assert calendar_news.tell_waiting(now=NOW) == 1
    assert [calendar_mails(person).count() for person in people] == [1, 1, 1]


def test_of_two_amendments_never_mailed_only_the_newest_is(milestone, responsable):
    person = member()
    deadline_of(person.memberships.get().organisation)
    first = amend(milestone, responsable)
    milestone.refresh_from_db()
    amend(milestone, responsable, due_at=NEW + dt.timedelta(days=7))
    first = MilestoneVersion.objects.get(pk=first.pk)
    assert not calendar_news.tell_version(first, now=NOW)
    assert calendar_news.tell_waiting(now=NOW) == 1
    body = as_read(calendar_mails(person).get().body_text)
    assert "désormais à faire avant le mercredi 14 juillet 2027" in body
    assert "Ancienne date : avant le mercredi 9 juin 2027" in body


def test_queries_do_not_grow_with_the_deadlines(
    milestone, responsable, django_assert_max_num_queries
):
    organisation = OrganisationFactory()
    member(organisation=organisation)
    for _ in range(8):
        deadline_of(organisation)
    with django_assert_max_num_queries(31):
        amend(milestone, responsable)
    with django_assert_max_num_queries(18):
        calendar_news.tell_waiting(now=NOW)
