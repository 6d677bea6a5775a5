"""A correction that comes by the API or in a file waits as one from a page."""

import pytest

from accounts.enums import Role
from perf.enums import CorrectionState, Source
from perf.models import Correction
from perf.services.merging import merge, separate
from tests.by import acting
from tests.factories import MembershipFactory
from tests.keys import Caller
from tests.perf.api.conftest import key_of
from tests.perf.csv_files import line
from tests.perf.outages.cases import (
    HOUR,
    MONDAY,
    NOW,
    agent,
    declared,
    fournisseur,
    outage_of,
)
from tests.perf.outages.corrections import MINUTE, d_f, load, shown_on, theirs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "_now")]

DAY = "16/11/2026"


@pytest.fixture
def software(client, service):
    """That of the Fournisseur."""
    return Caller(client, key_of(service.prestation.organisation))


def sent(service, end, **values):
    return {
        "service": service.code,
        "started_at": MONDAY.isoformat(),
        "ended_at": end and end.isoformat(),
        "source": Source.SUPPLIER,
        "reference": "T-1",
    } | values


def test_by_the_api_it_is_accepted_for_later_and_asked_once(service, software):
    outage = theirs(service)
    answer = software.post("outages", sent(service, MONDAY + HOUR))
    assert (answer.status_code, answer.json()["changed"]) == (202, False)
    assert answer.json()["correction"] == {
        "id": Correction.objects.get().pk,
        "period": "année 2026",
        "counted_before_us": 8 * 3_600_000_000,
        "counted_after_us": 3_600_000_000,
        "perf_before": "1",
        "perf_after": "1",
    }
    assert software.post("outages", sent(service, MONDAY + HOUR)).status_code == 202
    assert (Correction.objects.count(), d_f(service)) == (1, 8 * 60)
    assert software.post("outages", sent(service, MONDAY + 2 * HOUR)).status_code == 202
    states = Correction.objects.values_list("state", flat=True)
    assert list(states) == [CorrectionState.REPLACED, CorrectionState.PENDING]
    assert software.post("outages", sent(service, MONDAY + 9 * HOUR)).status_code == 200
    assert not Correction.objects.pending().exists()
    outage.refresh_from_db()
    assert outage.ended_at == MONDAY + 9 * HOUR


def test_the_key_that_recorded_corrects_its_slip_and_another_key_does_not(
    client, service, software
):
    software.post("outages", sent(service, MONDAY + HOUR))
    assert software.post("outages", sent(service, MONDAY + 30 * MINUTE)).status_code == 200
    other = Caller(client, key_of(service.prestation.organisation, "Autre"))
    assert other.post("outages", sent(service, MONDAY + 20 * MINUTE)).status_code == 202
    assert d_f(service) == 30


def test_of_a_file_what_lowers_d_f_waits_and_the_rest_counts(client, service):
    theirs(service)
    theirs(service, reference="T-2", start=MONDAY + 24 * HOUR, hours=1)
    client.force_login(fournisseur(service, Role.SALARIE))
    shown, done = load(
        client,
        line(service.code, "T-1", started_at=f"{DAY} 10:00", ended_at=f"{DAY} 10:05"),
        line(service.code, "T-2", started_at="17/11/2026 10:00", ended_at="17/11/2026 12:00"),
        line(service.code, "T-3", started_at="18/11/2026 10:00", ended_at="18/11/2026 11:00"),
    )
    assert [asked.row.reference for asked in shown.context["plan"].own["asked"]] == ["T-1"]
    assert "1 correction à la baisse en attente de l'ANS" in shown_on(done)
    assert d_f(service) == (8 + 2 + 1) * 60
    correction = Correction.objects.get()
    assert (correction.counted_before, correction.counted_after) == (
        9 * 3_600_000_000,
        (60 + 5) * 60_000_000,
    )


def test_two_lines_of_a_file_do_not_hide_each_other(client, service):
    """Each of two outages of the same hours covers the other; the file shortens both."""
    for reference in ("T-1", "T-2"):
        theirs(service, reference=reference)
    client.force_login(fournisseur(service, Role.SALARIE))
    moved = {"started_at": f"{DAY} 10:00", "ended_at": f"{DAY} 10:05"}
    load(client, *[line(service.code, reference, **moved) for reference in ("T-1", "T-2")])
    assert d_f(service) == 8 * 60
    assert Correction.objects.pending().count() == 2


def test_a_version_of_the_ans_that_a_party_separates_from_what_lasts_lowers_nothing(service):
    outage = theirs(service, hours=None)
    other = outage_of(service, hours=9)
    kept = merge(outage, other, by=acting(agent(), NOW))
    before = d_f(service)
    ours = kept.versions.get(source=Source.SUPPLIER)
    separate(ours, by=acting(fournisseur(service, Role.MANDATAIRE), NOW))
    assert d_f(service) >= before


def test_an_agent_who_belongs_to_the_fournisseur_acts_as_a_party(service):
    outage = theirs(service)
    both = agent()
    MembershipFactory(user=both, organisation=service.prestation.organisation)
    done = declared(service, source=Source.SUPPLIER, reference="T-1", hours=1, actor=both)
    assert done.correction.outage == outage
    done = declared(service, source=Source.SUPPLIER, reference="T-1", hours=1, actor=agent())
    assert (done.correction, d_f(service)) == (None, 60)
