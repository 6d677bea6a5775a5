"""Two responsables amend one milestone at the same second: one wins, the others are told."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from accounts.enums import Role
from calendar_app.enums import Nature
from calendar_app.models import Milestone
from calendar_app.services.calendars import milestone_amend
from tests.factories import DeadlineFactory, member

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
    pytest.mark.usefixtures("calendars"),
]
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
PEOPLE = 4


def test_of_four_amendments_of_one_version_one_is_made():
    deadline = DeadlineFactory()
    read = [Milestone.objects.get(pk=deadline.milestone_id) for _ in range(PEOPLE)]
    actors = [member(Role.RESPONSABLE) for _ in range(PEOPLE)]
    start = threading.Barrier(PEOPLE)

    def amend(place):
        start.wait(10)
        try:
            return milestone_amend(
                milestone=read[place],
                due_at=NOW + dt.timedelta(days=100 + place),
                reason="Report",
                source="Texte fictif",
                nature=Nature.REGULATORY,
                actor=actors[place],
                now=NOW,
            )
        except ValidationError:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as pool:
        (made,) = filter(None, pool.map(amend, range(PEOPLE)))
    deadline.refresh_from_db()
    milestone = Milestone.objects.get(pk=deadline.milestone_id)
    assert (milestone.version, milestone.versions.count()) == (2, 2)
    assert milestone.due_at == deadline.due_at == made.due_at
