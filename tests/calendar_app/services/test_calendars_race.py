"""Two responsables amend one milestone at the same second: one succeeds, the others are refused."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from accounts.enums import Role
from calendar_app.enums import Nature
from calendar_app.models import Deadline, Milestone
from calendar_app.services.calendars import milestone_amend
from calendar_app.services.deadlines import open_deadlines
from tests.by import acting
from tests.factories import DeadlineFactory, SolutionFactory, member

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
                by=acting(actors[place], NOW),
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


def test_a_deadline_opened_during_an_amendment_has_the_new_date():
    """The opener waits for the amendment instead of writing the date that it has read before."""
    solution = SolutionFactory()
    milestone = Milestone.objects.get(code="ris-2")
    actor = member(Role.RESPONSABLE)
    due_at = NOW + dt.timedelta(days=100)

    def open_now():
        try:
            return open_deadlines(now=NOW, solution=solution)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            milestone_amend(
                milestone=milestone,
                due_at=due_at,
                reason="Report",
                source="Texte fictif",
                nature=Nature.REGULATORY,
                by=acting(actor, NOW),
            )
            opening = pool.submit(open_now)
            _until_another_waits()
        opening.result(10)
    deadline = Deadline.objects.get(solution=solution, milestone=milestone)
    assert (deadline.version, deadline.due_at) == (2, due_at)


def _until_another_waits():
    """Returns once this connection keeps another one waiting."""
    limit = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < limit:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")
