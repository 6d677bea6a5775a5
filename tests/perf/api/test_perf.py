"""`/api/v1/services/<code>/perf`: what the page of a prestation says, for software."""

import datetime as dt

import pytest

from perf.enums import OutageStanding
from perf.models import Outage
from perf.services.outages import record
from tests.by import acting
from tests.factories import OrganisationFactory
from tests.keys import Caller
from tests.perf.api.conftest import key_of

HOUR_US = 3_600_000_000
NOW = dt.datetime(2027, 2, 2, 12, tzinfo=dt.UTC)

pytestmark = pytest.mark.at(NOW)
PATH = "services/drimbox-chu/perf"


def outage(service, start, end):
    record(
        service=service,
        source="FOURNISSEUR",
        reference=start,
        started_at=dt.datetime.fromisoformat(start),
        ended_at=dt.datetime.fromisoformat(end) if end else None,
        by=acting(None, NOW, "Test"),
    )


def test_both_readings_what_is_left_and_when_it_falls(supplier, service):
    """Friday 18:00 to Monday 10:00: 6 h and 64 h; then one that goes on since Monday 1/02 9:00."""
    outage(service, "2027-01-15T18:00:00+01:00", "2027-01-18T10:00:00+01:00")
    outage(service, "2027-02-02T09:00:00+01:00", None)
    found = supplier.get(PATH).json()
    assert (found["service"], found["label"]) == ("drimbox-chu", "année 2027")
    assert (found["start"], found["end"]) == ("2026-12-31T23:00:00Z", "2027-12-31T23:00:00Z")
    assert found["provisional"] is True
    open_hours, continuous = found["readings"]
    assert (open_hours["base"], open_hours["in_force"]) == ("ouvrable", True)
    assert (open_hours["counted"], open_hours["perf"]) == ("10:00:00", "1")
    assert open_hours["budgets"] == [
        {"limit_us": 10 * HOUR_US, "left_us": 0},
        {"limit_us": 20 * HOUR_US, "left_us": 10 * HOUR_US},
    ]
    assert [fall["perf"] for fall in open_hours["falls"]] == ["0.5", "0"]
    assert open_hours["falls"][0]["at"] == "2027-02-02T12:00:00Z"
    assert (continuous["counted"], continuous["perf"]) == ("68:00:00", "0")
    assert continuous["falls"] == []


def test_what_is_contested_is_also_left_out(supplier, service):
    outage(service, "2027-01-18T09:00:00+01:00", "2027-01-18T10:00:00+01:00")
    assert supplier.get(PATH).json()["readings"][0]["uncontested_us"] is None
    Outage.objects.update(standing=OutageStanding.CONTESTED)
    reading = supplier.get(PATH).json()["readings"][0]
    assert (reading["counted_us"], reading["uncontested_us"]) == (HOUR_US, 0)


def test_another_period(supplier, service):
    outage(service, "2026-12-01T09:00:00+01:00", "2026-12-01T10:00:00+01:00")
    assert supplier.get(PATH).json()["readings"][0]["counted_us"] == 0
    found = supplier.get(PATH, at="2026-06-01T00:00:00Z").json()
    assert (found["label"], found["readings"][0]["counted_us"]) == ("année 2026", HOUR_US)
    assert found["provisional"] is False


def test_a_period_that_nobody_measured_has_no_perf(supplier, service):
    answer = supplier.get(PATH, at="2025-06-01T00:00:00Z")
    assert answer.status_code == 422
    assert "n'est suivi que depuis" in answer.json()["detail"]
    assert "n'a pas commencé" in supplier.get(PATH, at="2028-06-01T00:00:00Z").json()["detail"]


def test_it_says_since_when_the_service_is_followed(supplier, service):
    outage(service, "2026-06-01T09:00:00+02:00", "2026-06-01T10:00:00+02:00")
    assert supplier.get(PATH).json()["followed_since"] == "2026-06-01T07:00:00Z"


@pytest.mark.parametrize("at", ["2040-12-31T23:30:00Z", "2020-01-01T00:00:00+14:00"])
def test_beyond_the_years_that_the_engine_knows(supplier, at):
    answer = supplier.get(PATH, at=at)
    assert answer.status_code == 422
    assert "relisez l'année" in answer.json()["detail"]


def test_the_service_of_somebody_else_is_unknown(client, service, supplier):
    assert Caller(client, key_of(OrganisationFactory())).get(PATH).status_code == 404
    assert supplier.get("services/inconnu/perf").status_code == 404
    assert supplier.get("services/é/perf").status_code == 404
