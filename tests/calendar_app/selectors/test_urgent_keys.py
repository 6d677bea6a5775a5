"""A key of the API whose last day comes is on the first screen of who leads the organisation."""

import datetime as dt

import pytest

from accounts.enums import Role
from accounts.services.api_tokens import api_token_revoke
from calendar_app.selectors.urgency import urgent_lines
from tests.by import acting
from tests.factories import member
from tests.keys import give_key

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def shown(person):
    lines = urgent_lines(person, now=NOW)
    return [line.urgent.what for line in lines if line.urgent.act == "Voir les clés d'API"]


@pytest.mark.parametrize(("days", "is_shown"), [(0, True), (30, True), (31, False)])
def test_thirty_days_before_its_last_day(days, is_shown):
    person = member(Role.MANDATAIRE)
    give_key(person, name="ERP", now=NOW, ends_on=NOW.date() + dt.timedelta(days=days))
    assert shown(person) == ["Clé d'API « ERP » : dernier jour"] * is_shown


def test_neither_to_who_does_not_lead_nor_for_a_revoked_key():
    person = member(Role.MANDATAIRE)
    host = person.memberships.get().organisation
    row, _key = give_key(person, now=NOW, ends_on=NOW.date())
    assert shown(member(Role.SALARIE, host)) == []
    assert shown(member(Role.MANDATAIRE)) == []
    api_token_revoke(token=row, by=acting(person, NOW))
    assert shown(person) == []
