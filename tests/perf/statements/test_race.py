"""Several people who issue the same statement at once: they are told, or replace one another."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from perf.models import Statement
from perf.services.statements import issue
from tests.factories import member
from tests.perf.statements.cases import NOW, YEAR_2026, outage

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
PEOPLE = 4


def at_once(service, *, reason):
    """What each got: a statement, or the refusal."""
    people = [member() for _ in range(PEOPLE)]
    start = threading.Barrier(PEOPLE)

    def run(person):
        try:
            start.wait(10)
            return issue(
                prestation=service.prestation,
                period=YEAR_2026,
                actor=person,
                now=NOW,
                reason=reason,
            )
        except ValidationError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(run, people))


def test_without_a_reason_one_issues_and_the_others_are_told(service):
    got = at_once(service, reason="")
    assert Statement.objects.count() == 1
    refusals = [one for one in got if isinstance(one, ValidationError)]
    assert len(refusals) == PEOPLE - 1
    assert all(Statement.objects.get().number in str(one) for one in refusals)


def test_with_a_reason_each_replaces_the_one_before(service):
    outage(service, "02/02/2026 09:00", "02/02/2026 10:00")
    at_once(service, reason="Correction.")
    chain = list(Statement.objects.order_by("pk"))
    assert len({one.number for one in chain}) == PEOPLE
    assert [one.replaces_id for one in chain] == [None, *(one.pk for one in chain[:-1])]
