"""Deliveries of one incident in the same instant, on PostgreSQL: one outage, ended."""

import datetime as dt
import threading

import pytest
from django.db import connection

from journal.models import Entry
from perf.models import Outage, ProbeEvent
from perf.services import probes
from tests.factories import ServiceFactory
from tests.perf.api.incidents import RESOLVED_AT, life

pytestmark = [pytest.mark.distributed, pytest.mark.usefixtures("distributed")]

NOW = dt.datetime(2026, 11, 22, 21, tzinfo=dt.UTC)


def at_once(payloads):
    """Each in a thread and a transaction of its own, released together."""
    gate, failures = threading.Barrier(len(payloads)), []

    def deliver(payload):
        try:
            gate.wait()
            probes.receive(payload=payload, now=NOW)
        except Exception as error:  # noqa: BLE001  (shown by the assertion)
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver, args=[payload]) for payload in payloads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


@pytest.mark.parametrize("is_known", [True, False], ids=["known probe", "unknown probe"])
def test_two_identical_deliveries_are_one(is_known):
    service = ServiceFactory(probe_id="2417835" if is_known else "")
    at_once([life()[0]] * 4)
    assert ProbeEvent.objects.count() == 1
    assert Outage.objects.filter(service=service).count() == int(is_known)
    assert Entry.objects.filter(act__startswith="outage.").count() == int(is_known)


@pytest.mark.parametrize("attempt", range(5))
def test_whoever_commits_last_the_end_is_kept(attempt):
    ServiceFactory(probe_id="2417835")
    at_once(life())
    assert ProbeEvent.objects.count() == 3
    assert Outage.objects.get().ended_at == RESOLVED_AT
