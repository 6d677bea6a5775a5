"""Several people who issue the same statement at once: they are refused, or replace one another."""

from functools import partial

import pytest
from django.db import connection

from perf.models import Statement
from perf.services.statements import issue
from tests.at_once import at_once
from tests.by import acting
from tests.calendar_app.services.test_filing_race import PEOPLE
from tests.factories import member
from tests.perf.statements.cases import NOW, YEAR_2026, outage

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


def issued_at_once(service, *, reason):
    return at_once(
        *[
            partial(
                issue,
                prestation=service.prestation,
                period=YEAR_2026,
                by=acting(person, NOW),
                reason=reason,
            )
            for person in [member() for _ in range(PEOPLE)]
        ]
    )


def test_without_a_reason_one_issues_and_the_others_are_refused(service):
    _issued, refusals = issued_at_once(service, reason="")
    assert Statement.objects.count() == 1
    assert len(refusals) == PEOPLE - 1
    assert all(Statement.objects.get().number in str(one) for one in refusals)


def test_with_a_reason_each_replaces_the_one_before(service):
    outage(service, "02/02/2026 09:00", "02/02/2026 10:00")
    issued_at_once(service, reason="Correction.")
    chain = list(Statement.objects.order_by("pk"))
    assert len({one.number for one in chain}) == PEOPLE
    assert [one.replaces_id for one in chain] == [None, *(one.pk for one in chain[:-1])]
