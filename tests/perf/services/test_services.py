"""The supervised service of a prestation: declared once, named again, with its probe."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from perf.models import Outage, Service
from perf.services import probes
from perf.services.services import service_save
from tests.by import acting
from tests.entries import entries
from tests.factories import PrestationFactory, member
from tests.perf.api.incidents import STARTED_AT, delivery

NOW = dt.datetime(2026, 11, 22, 21, tzinfo=dt.UTC)


@pytest.fixture
def prestation(calendars):
    return PrestationFactory(supplier__solution__drimbox=True)


def save(prestation, code, *, role=Role.AGENT, **fields):
    return service_save(prestation, code=code, by=acting(member(role), NOW), **fields)


def test_declared_it_records_what_its_probe_has_already_reported(prestation):
    probes.receive(payload=delivery(), now=NOW)
    service = save(prestation, " drimbox-1 ", probe_id="2417835")
    outage = Outage.objects.get()
    assert (service.code, outage.service, outage.started_at) == ("drimbox-1", service, STARTED_AT)


def test_named_again_it_is_the_same_service_with_its_probe(prestation):
    first = save(prestation, "drimbox-1", probe_id="2417835")
    again = save(prestation, "drimbox-2", role=Role.SALARIE)
    assert (again.pk, again.code, again.probe_id) == (first.pk, "drimbox-2", "2417835")
    assert entries(again)[-1].note == "Code du service : drimbox-1 → drimbox-2"


def test_only_the_ans_says_which_probe_watches_it(prestation):
    with pytest.raises(ValidationError, match="Seul un agent de l'ANS"):
        save(prestation, "drimbox-1", role=Role.MANDATAIRE, probe_id="2417835")
    assert not Service.objects.exists()


def test_a_ris_prestation_has_none(calendars):
    with pytest.raises(ValidationError, match="prestation DRIMbox"):
        save(PrestationFactory(), "ris-1")


def test_it_is_not_declared_without_what_its_probe_has_reported(prestation, monkeypatch):
    def fail(*_given):
        raise RuntimeError("base arrêtée")

    monkeypatch.setattr("perf.services.services.apply_waiting", fail)
    with pytest.raises(RuntimeError):
        save(prestation, "drimbox-1", probe_id="2417835")
    assert not Service.objects.exists()
