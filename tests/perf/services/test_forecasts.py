"""«Ce que je vais recevoir» forecasts the warnings of tickets, at the instant of each."""

import datetime as dt

import pytest

from calendar_app.selectors.forecasts import forecasts
from calendar_app.services.reminders import set_muted
from perf.enums import TICKET_MAIL
from perf.services.ticket_warnings import warn
from segur.celery import app
from tests.factories import OrganisationFactory, member
from tests.perf.services.ticket_cases import at, declare

NOW = at("2027-01-12 10:01")

FORETOLD = {
    "dispatch-reminders",
    "nudge-awaited-ris",
    "warn-tickets",
    "write-review-digest",
    "write-weekly-summaries",
}
FOLLOWS_AN_ACT = {
    "deliver-waiting-mail",
    "finish-factor-resets",
    "make-waiting-archives",
    "propose-publications",
    "run-waiting-imports",
    "send-webhooks",
    "settle-pv-decisions",
    "tell-amendments",
}
WRITES_TO_THE_OPERATOR = {"seal-journal", "watch-the-work"}
WRITES_NO_MAIL = {
    "read-bounces",
    "refresh-programme",
    "append-journal-links",
    "plan-reminders",
    "archive-mails",
    "archive-reminders",
    "retain-personal-data",
    "scan-waiting-files",
}


@pytest.fixture
def ticket(service, actor):
    """GTI at risk at 10:20, GTR at 13:00."""
    return declare(service, actor, at("2027-01-12 10:00"), now=NOW)


def forecast(user, now):
    found = forecasts(user, now=now, until=now + dt.timedelta(days=30))
    return [one.at for one in found if one.kind == TICKET_MAIL]


def test_each_warning_is_forecast_at_its_instant(ticket, actor):
    assert forecast(actor, NOW) == [at("2027-01-12 10:20"), at("2027-01-12 13:00")]
    warn(now=at("2027-01-12 10:20"))
    assert forecast(actor, at("2027-01-12 10:20")) == [at("2027-01-12 13:00")]


def test_nothing_is_forecast_for_a_guarantee_kept_a_refusal_or_another_team(ticket, actor):
    assert forecast(member(organisation=OrganisationFactory()), NOW) == []
    type(ticket).objects.update(responded_at=NOW)
    assert forecast(actor, NOW) == [at("2027-01-12 13:00")]
    set_muted(user=actor, kind=TICKET_MAIL, muted=True)
    assert forecast(actor, NOW) == []


def test_every_task_of_the_clock_is_known_to_be_forecast_or_not():
    """A new periodic mail is forecast too: decide here."""
    others = WRITES_TO_THE_OPERATOR | WRITES_NO_MAIL
    assert set(app.conf.beat_schedule) == FORETOLD | FOLLOWS_AN_ACT | others
