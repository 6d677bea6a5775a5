"""Computed delays: one row per subject and code, reminded by their own steps, closed elsewhere."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import ReminderState
from calendar_app.services.deadlines import move
from calendar_app.services.delays import Delay, open_delay
from calendar_app.services.drafts import save_draft
from segur.lib import paris
from tests.by import acting
from tests.entries import entries
from tests.factories import MembershipFactory, PrestationFactory
from tests.pages import markup

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
END = paris.at(dt.date(2027, 1, 21), dt.time(0))
PAGE = "/prestations/1/reserves/"

pytestmark = pytest.mark.usefixtures("calendars")


@pytest.fixture
def member():
    return MembershipFactory(
        role=Role.MANDATAIRE, created_at=NOW - dt.timedelta(days=30), organisation__name="Radiolune"
    )


@pytest.fixture
def prestation(member):
    return PrestationFactory(supplier__solution__organisation=member.organisation)


def opened(prestation, member, due_at=END, now=NOW):
    delay = Delay("reserves", "Levée des réserves", "Deux mois", due_at, PAGE, (30, 14, 7, 2))
    return open_delay(
        delay, subject=prestation, organisation=member.organisation, by=acting(member.user, now)
    )


def test_its_reminders_are_its_own_steps_before_its_last_day(prestation, member):
    deadline = opened(prestation, member)
    days = {row.step: paris.day(row.due_at) for row in deadline.reminders.all()}
    assert days == {30: dt.date(2026, 12, 21)}  # within the 31 days that are planned ahead
    later = opened(prestation, member, now=dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC))
    days = {row.step: paris.day(row.due_at) for row in later.reminders.all()}
    assert days[14] == dt.date(2027, 1, 6)
    assert days[7] == dt.date(2027, 1, 13)
    assert days[2] == dt.date(2027, 1, 18)


def test_opened_again_it_is_the_same_and_moved_it_is_a_new_version(prestation, member):
    first = opened(prestation, member)
    assert opened(prestation, member).version == 1
    moved = opened(prestation, member, due_at=END - dt.timedelta(days=3))
    assert (moved.pk, moved.version) == (first.pk, 2)
    states = dict(moved.reminders.values_list("subject_version", "state"))
    assert states == {1: ReminderState.SUPERSEDED, 2: ReminderState.SCHEDULED}
    assert [entry.what for entry in entries(moved)] == ["Délai ouvert", "Date du délai"]


def test_it_is_kept_by_what_happens_elsewhere_and_never_filed(prestation, member):
    deadline = opened(prestation, member)
    with pytest.raises(ValidationError, match="Rien ne se dépose"):
        save_draft(deadline=deadline, by=acting(member.user, NOW), comment="ici ?")
    with pytest.raises(ValidationError, match="« Validé », « Sans objet »"):
        move(deadline, "run_again", by=acting(member.user, NOW))
    move(deadline, "keep", by=acting(member.user, NOW), what="Conditions validées")
    assert not deadline.reminders.filter(state=ReminderState.SCHEDULED).exists()
    with pytest.raises(ValidationError, match="ne change plus"):
        opened(prestation, member, due_at=END + dt.timedelta(days=1))


def test_its_page_names_the_rule_and_leads_where_one_acts(client, prestation, member):
    deadline = opened(prestation, member)
    client.force_login(member.user)
    page = markup(client.get(reverse("deadlines:detail", args=[deadline.pk])))
    assert "Deux mois" in page
    assert f'href="{PAGE}"' in page
    assert "mercredi 20 janvier 2027" in page
    prepare = client.get(reverse("deadlines:prepare", args=[deadline.pk]))
    assert prepare.headers["Location"] == PAGE
