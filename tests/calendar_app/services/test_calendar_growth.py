"""A milestone or a dispositif added from the site: who may, and what they must say."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from calendar_app.enums import Channel, MilestoneScope, Nature
from calendar_app.models import Dispositif, Milestone
from calendar_app.services.calendar_growth import milestone_create
from tests.by import acting
from tests.factories import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def create(role=Role.RESPONSABLE, **changes):
    values = {"reason": "Décision du comité", "source": "Arrêté fictif"} | changes
    return milestone_create(
        dispositif=Dispositif.objects.get(slug="ris"),
        title="Bilan de fin de programme",
        scope=MilestoneScope.SOLUTION,
        channel=Channel.CONVERGENCE,
        due_at=NOW + dt.timedelta(days=300),
        nature=Nature.REGULATORY,
        by=acting(member(role), NOW),
        **values,
    )


@pytest.mark.parametrize("name", ["reason", "source"])
def test_a_milestone_is_not_added_without_its_reason_and_its_source(name):
    before = Milestone.objects.count()
    with pytest.raises(ValidationError) as refused:
        create(**{name: " "})
    assert list(refused.value.message_dict) == [name]
    assert Milestone.objects.count() == before


def test_only_a_responsable_adds_a_milestone():
    with pytest.raises(PermissionDenied):
        create(Role.AGENT)
    assert create().title == "Bilan de fin de programme"
