"""The summary of the week: for who asked for it, once, on the first working morning."""

import pytest
from django.core import mail as outbox

from calendar_app.enums import WEEKLY_MAIL, State
from calendar_app.models import Deadline
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.selectors.forecasts import forecasts
from calendar_app.services import weekly
from calendar_app.services.reminders import preference_save
from mailing.models import OutgoingMail
from mailing.rules import DECISION_MAIL
from mailing.selectors.notifications import unread_count
from mailing.services.delivery import deliver_waiting
from tests.calendar_app.reminding import at, solde
from tests.factories import OrganisationFactory, member
from tests.mailing.views.test_notifications import news
from tests.pages import as_read

pytestmark = pytest.mark.usefixtures("calendars")
MONDAY = "2027-09-20 09:00"  # two days before the RIS solde


def ask(person, muted=()):
    preference_save(
        actor=person,
        dispositif=None,
        steps=list(DEFAULT_STEPS),
        early=False,
        muted_kinds=list(muted),
        paused_until=None,
    )


@pytest.fixture
def person():
    user = member(organisation=OrganisationFactory())
    ask(user)
    return user


@pytest.fixture
def due(person):
    return solde(person.memberships.get().organisation)


@pytest.mark.parametrize(
    ("now", "count"),
    [
        ("2027-09-20 08:59", 0),
        (MONDAY, 1),
        ("2027-09-20 18:59", 1),
        ("2027-09-20 19:00", 0),
        ("2027-09-21 09:00", 0),
        ("2027-03-29 09:00", 0),  # Easter Monday
        ("2027-03-30 09:00", 1),
    ],
)
def test_it_leaves_on_the_first_working_day_of_the_week_in_its_hours(person, now, count):
    news(person, "Nouvelle", ago=at("2027-09-15 09:00") - at("2027-03-01 09:00"))
    assert weekly.write(now=at(now)) == count


def test_it_lists_what_is_due_and_what_is_unread_and_is_no_news_itself(person, due):
    news(person, "Décision rendue")

    weekly.write(now=at(MONDAY))
    deliver_waiting(now=at(MONDAY))

    sent = outbox.outbox[-1]
    assert as_read(sent.subject).endswith("1 échéance à faire, 1 notification non lue")
    body = as_read(sent.body)
    assert f"{due.title} (RIS), {due.subject}" in body
    assert "- Décision rendue" in body
    assert "List-Unsubscribe" in sent.extra_headers
    assert unread_count(person, now=at(MONDAY)) == 1


def test_one_a_week_whatever_runs(person, due):
    assert [weekly.write(now=at(MONDAY)) for _ in range(2)] == [1, 0]
    assert weekly.write(now=at("2027-09-27 09:00")) == 1


def test_nobody_is_written_to_without_having_asked_or_with_nothing_to_say(person, due):
    ask(member(organisation=OrganisationFactory()))  # nothing is due
    other = member(organisation=due.organisation)  # chose nothing
    ask(member(organisation=due.organisation), muted=[str(WEEKLY_MAIL)])
    weekly.write(now=at(MONDAY))
    assert [row.user for row in OutgoingMail.objects.filter(kind=WEEKLY_MAIL)] == [person]
    assert other != person


@pytest.mark.parametrize(("due_at", "count"), [("2027-10-04 09:00", 1), ("2027-10-04 09:01", 0)])
def test_what_is_due_within_fourteen_days_is_in_it(person, due, due_at, count):
    Deadline.objects.update(due_at=at(due_at))
    assert weekly.write(now=at(MONDAY)) == count


def test_what_is_filed_is_not_in_it(person, due):
    Deadline.objects.update(state=State.FILED)
    assert weekly.write(now=at(MONDAY)) == 0


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-09-20 08:59", MONDAY),
        (MONDAY, "2027-09-27 09:00"),
        ("2027-09-24 12:00", "2027-09-27 09:00"),
    ],
)
def test_it_is_forecast_to_who_asked(person, now, expected):
    def forecast(user):
        found = forecasts(user, now=at(now), until=at("2027-10-20 09:00"))
        return [one.at for one in found if one.kind == WEEKLY_MAIL]

    assert forecast(person) == [at(expected)]
    assert forecast(member()) == []


def test_decisions_are_never_summed_up_instead_of_sent(person):
    news(person, "Décision", kind=DECISION_MAIL)
    deliver_waiting(now=at(MONDAY))
    assert [one.subject for one in outbox.outbox] == ["Décision"]
