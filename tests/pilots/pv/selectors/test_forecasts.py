"""«Ce que je vais recevoir» forecasts the digest and the nudges, and nothing that was refused."""

import datetime as dt

import pytest
import time_machine

from accounts.enums import Role
from calendar_app.selectors.forecasts import forecasts
from calendar_app.services.reminders import set_muted
from mailing.models import OutgoingMail
from pilots.enums import DIGEST_MAIL, VA_MAIL
from pilots.pv.services import digest
from pilots.va.services.va_nudge import nudge
from segur.lib import paris
from tests.factories import OrganisationFactory, member
from tests.pages import text
from tests.pilots.reviewing import agent, pv_of
from tests.pilots.vas import drimbox, recorded

pytestmark = pytest.mark.usefixtures("calendars", "checklists")

ONE_MINUTE = dt.timedelta(minutes=1)
PAGE = "/rappels/"


def at(day, hour=9, minute=0):
    return paris.at(day, dt.time(hour, minute))


def forecast(user, now, kind):
    until = now + dt.timedelta(days=30)
    return [one.at for one in forecasts(user, now=now, until=until) if one.kind == kind]


def test_each_digest_that_leaves_was_forecast_the_evening_before():
    """Easter Monday, the 29th of March 2027, is among these days."""
    me = agent()
    pv_of()
    promised = set(forecast(me, at(dt.date(2027, 3, 14), 20), DIGEST_MAIL))
    for number in range(21):
        day = dt.date(2027, 3, 15) + dt.timedelta(days=number)
        wrote = digest.write(now=at(day))
        assert (at(day) in promised) == bool(wrote), day
        promised |= set(forecast(me, at(day, 20), DIGEST_MAIL))
    assert OutgoingMail.objects.filter(user=me, kind=DIGEST_MAIL).count() == 14


def test_todays_digest_is_forecast_until_it_is_written():
    me, day = agent(), dt.date(2027, 2, 10)
    pv_of()
    assert forecast(me, at(day, 8), DIGEST_MAIL) == [at(day)]
    assert forecast(me, at(day, 9, 3), DIGEST_MAIL) == [at(day)]
    digest.write(now=at(day, 9, 5))
    assert forecast(me, at(day, 9, 5), DIGEST_MAIL) == [at(dt.date(2027, 2, 11))]


def test_a_refused_digest_is_neither_forecast_nor_sent():
    me, day = agent(), dt.date(2027, 2, 10)
    pv_of()
    set_muted(user=me, kind=DIGEST_MAIL, muted=True)
    assert forecast(me, at(day, 8), DIGEST_MAIL) == []
    assert digest.write(now=at(day)) == 0


def test_only_an_agent_is_promised_a_digest():
    person = member(Role.MANDATAIRE, organisation=OrganisationFactory())
    assert forecast(person, at(dt.date(2027, 2, 10), 8), DIGEST_MAIL) == []


def test_the_page_of_an_agent_says_when_the_digest_comes(client):
    with time_machine.travel(at(dt.date(2027, 2, 13), 20), tick=False):
        client.force_login(agent())
        page = text(client.get(PAGE))
    assert "Aucun rappel d'échéance dans les 30 prochains jours." in page
    assert "Prochain courriel le lundi 15 février 2027 à 9h" in page
    assert "Point du jour des PV à instruire" in page
    assert "aucun les jours où aucun PV ne vous attend" in page


def test_a_nudge_leaves_at_the_instant_forecast():
    prestation, person = drimbox()
    recorded(prestation, person)
    now = at(dt.date(2026, 12, 1))
    [promised] = forecast(person, now, VA_MAIL)
    assert promised == at(dt.date(2026, 12, 21))
    assert nudge(now=promised - ONE_MINUTE) == 0
    assert nudge(now=promised) == 1
    assert forecast(person, promised, VA_MAIL) == []


@pytest.mark.parametrize("why", ["refused", "elsewhere"])
def test_a_nudge_is_not_forecast_to_who_will_not_get_it(why):
    prestation, person = drimbox()
    recorded(prestation, person)
    if why == "refused":
        set_muted(user=person, kind=VA_MAIL, muted=True)
    else:
        person = member(organisation=OrganisationFactory())
    assert forecast(person, at(dt.date(2026, 12, 1)), VA_MAIL) == []
