"""Several at the same second: one is written, the others follow it or are refused."""

import hashlib

import pytest
from django.db import connection

from imports.services.lines import CHANGED
from journal.models import Entry
from perf.enums import OutageStanding, Source
from perf.models import Outage, OutageVersion
from perf.services import decisions
from perf.services.merging import merge
from perf.services.references import ReferenceTakenError
from tests.at_once import at_once
from tests.by import acting
from tests.calendar_app.services.test_filing_race import PEOPLE
from tests.factories import ServiceFactory
from tests.perf import csv_files
from tests.perf.csv_files import content, line
from tests.perf.outages.cases import (
    HOUR,
    MONDAY,
    NOW,
    agent,
    contested,
    decided,
    declared,
    distributed,
    fournisseur,
    outage_of,
)

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
    pytest.mark.usefixtures("calendars"),
]


def test_one_reference_declared_at_once_is_one_outage():
    service = distributed()
    done, refused = at_once(*[lambda: declared(service)] * PEOPLE)
    assert refused == []
    assert sorted(one.created for one in done) == [False] * (PEOPLE - 1) + [True]
    counts = (Outage.objects.count(), OutageVersion.objects.count(), Entry.objects.count())
    assert counts == (1, 1, 1)


@pytest.mark.parametrize("source", [Source.SUPPLIER, Source.ANS])
def test_one_reference_declared_at_once_of_two_services_is_of_one(source):
    service = distributed()
    seller = service.prestation.supplier
    services = [ServiceFactory(prestation__supplier=seller) for _ in range(PEOPLE)]
    won, refused = at_once(*[lambda one=one: declared(one, source=source) for one in services])
    assert (len(won), len(refused)) == (1, PEOPLE - 1)
    assert all(isinstance(refusal, ReferenceTakenError) for refusal in refused)
    assert OutageVersion.objects.get().service == won[0].version.service
    assert Outage.objects.count() == Entry.objects.count() == 1


def test_one_reference_of_two_services_in_two_files_at_once_is_of_one():
    services = [ServiceFactory(code="drim-1")]
    services.append(
        ServiceFactory(code="drim-2", prestation__supplier=services[0].prestation.supplier)
    )
    files = [(fournisseur(one), content(line(one.code))) for one in services]
    for user, text in files:
        csv_files.keep(user=user, name="pannes.csv", content=text, now=NOW)
    won, refused = at_once(
        *[
            lambda user=user, text=text: csv_files.confirm(
                user=user, sha256=hashlib.sha256(text).hexdigest(), now=NOW
            )
            for user, text in files
        ]
    )
    assert (len(won), len(refused), Outage.objects.count()) == (1, 1, 1)
    assert refused[0].messages == [CHANGED]


def test_of_four_decisions_one_is_kept():
    outage = contested(distributed())
    acts = [lambda judge=judge: decided(outage, by=judge) for judge in [agent() for _ in range(4)]]
    won, refused = at_once(*acts)
    assert (len(won), len(refused)) == (1, 3)
    assert Outage.objects.get().decided_by == won[0].decided_by


def test_a_decision_and_a_new_value_follow_one_another():
    """Either what was decided had been read, or the agent reads again."""
    service = distributed()
    outage = contested(service)
    read = decisions.seen(list(outage.versions.all()))
    judge = agent()
    won, refused = at_once(
        lambda: decided(outage, by=judge, read=read), lambda: declared(service, hours=3)
    )
    outage.refresh_from_db()
    if refused:
        assert (outage.standing, len(won)) == (OutageStanding.CONTESTED, 1)
        assert outage.ended_at == MONDAY + 3 * HOUR
    else:
        assert (outage.standing, outage.ended_at) == (OutageStanding.RETAINED, MONDAY + 2 * HOUR)


def test_brought_together_from_both_sides_nothing_is_lost():
    service = distributed()
    ours = outage_of(service)
    theirs = outage_of(service, source=Source.SUPPLIER, reference="T-9")
    judge, actor = agent(), fournisseur(service)
    won, refused = at_once(
        lambda: merge(ours, theirs, by=acting(judge, NOW)),
        lambda: merge(theirs, ours, by=acting(actor, NOW)),
    )
    assert (len(won), len(refused)) == (1, 1)
    assert Outage.objects.get().versions.count() == 2
