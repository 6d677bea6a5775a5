import csv
import datetime as dt
import io

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Role
from parameters.models import RegulatoryParameter
from perf.enums import OutageNature, OutageStanding, Source
from perf.models import Outage
from perf.reading.outage_file import read
from perf.rules.parameters import MAINTENANCE
from perf.services import imports
from perf.services.outages import record
from perf.views import exports
from tests.by import acting
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    ServiceFactory,
    SupplierFactory,
    UserFactory,
    member,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
START = dt.datetime(2026, 1, 15, 17, tzinfo=dt.UTC)
ALL = {kind: reverse(f"perf:all_outages_{kind}") for kind in ("csv", "xlsx")}


@pytest.fixture
def service():
    return ServiceFactory(code="drim-1")


@pytest.fixture
def person(service):
    return member(Role.SALARIE, service.prestation.organisation)


@pytest.fixture
def mine(client, person):
    client.force_login(person)
    return client


def out(service, reference="INC-1", **values):
    return record(
        **{
            "service": service,
            "source": Source.SUPPLIER,
            "reference": reference,
            "started_at": START,
            "ended_at": START + dt.timedelta(hours=2, microseconds=1),
            "cause": "Écran gelé",
            "by": acting(None, START + dt.timedelta(days=30), "Essai"),
            **values,
        }
    ).version


def of(service, kind="csv"):
    return reverse(f"perf:outages_{kind}", args=[service.prestation.pk])


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_every_version_is_a_line_that_says_whether_it_counts(mine, service):
    first = out(service)
    out(service, "APPEL-1", source=Source.CLIENT, outage=first.outage, ended_at=None)
    found = {row["Référence"]: row for row in rows(mine.get(of(service)))}
    assert found["INC-1"]["Début (heure de Paris)"] == "15/01/2026 18:00:00"
    assert found["INC-1"]["Fin (heure de Paris)"] == "15/01/2026 20:00:00.000001"
    for column in ("Version comptée", "Comptée dans D_f"):
        assert (found["INC-1"][column], found["APPEL-1"][column]) == ("oui", "non")
    assert found["APPEL-1"]["Fin (heure de Paris)"] == ""
    assert found["INC-1"]["Situation"] == "Non contestée"


YEAR_AFTER = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
COUNTED = {
    # nature, standing, since when maintenance does not count → it counts in D_f
    "outage": (OutageNature.OUTAGE, OutageStanding.UNCONTESTED, None, "oui"),
    "contested": (OutageNature.OUTAGE, OutageStanding.CONTESTED, None, "oui"),
    "retained": (OutageNature.OUTAGE, OutageStanding.RETAINED, None, "oui"),
    "not retained": (OutageNature.OUTAGE, OutageStanding.NOT_RETAINED, None, "non"),
    "unmeasured": (OutageNature.UNMEASURED, OutageStanding.UNCONTESTED, None, "non"),
    "maintenance": (OutageNature.MAINTENANCE, OutageStanding.UNCONTESTED, None, "oui"),
    "maintenance left out": (OutageNature.MAINTENANCE, OutageStanding.UNCONTESTED, START, "non"),
    "left out later": (OutageNature.MAINTENANCE, OutageStanding.UNCONTESTED, YEAR_AFTER, "oui"),
}


@pytest.mark.parametrize("case", COUNTED)
def test_what_does_not_count_in_d_f_is_not_shown_as_counted(client, service, person, case):
    nature, standing, since, counts = COUNTED[case]
    out(service)
    Outage.objects.update(nature=nature, standing=standing)
    if since:
        RegulatoryParameter.objects.create(
            key=MAINTENANCE, value=False, effective_from=since, source="Texte fictif"
        )
    with time_machine.travel(YEAR_AFTER + dt.timedelta(days=30)):
        client.force_login(person)
        (row,) = rows(client.get(of(service)))
    assert (row["Version comptée"], row["Comptée dans D_f"]) == ("oui", counts)


def test_a_maintenance_to_come_does_not_count_yet(client, service, person):
    with time_machine.travel(START):
        client.force_login(person)
        out(
            service,
            nature=OutageNature.MAINTENANCE,
            started_at=START + dt.timedelta(hours=1),
            ended_at=START + dt.timedelta(hours=2),
            by=acting(None, START, "Essai"),
        )
        assert rows(client.get(of(service)))[0]["Comptée dans D_f"] == "non"


def test_what_is_exported_is_read_again_without_a_change(mine, service):
    for reference in ("=1+1", "-2", "'=3", "@x", "a;b", 'a"b', "a,b"):
        out(service, reference, cause=f"{reference}\nsuite")
    again, problems = read(mine.get(of(service)).content)
    assert not problems
    for row in again:
        assert row.cause == f"{row.reference}\nsuite"
        version = service.versions.get(reference=row.reference)
        assert (row.started_at, row.ended_at) == (version.started_at, version.ended_at)
    assert len(again) == 7


def test_our_export_is_imported_as_unchanged_whoever_spoke(client, service, person):
    """The éditeur reads the outages of its distributeur, and those that the ANS recorded."""
    first = out(service, "SONDE-1", source=Source.ANS)
    out(service, "INC-2", outage=first.outage)
    solution = service.prestation.supplier.solution
    other = SupplierFactory(solution=solution, organisation=OrganisationFactory())
    theirs = ServiceFactory(code="autre", prestation=PrestationFactory(supplier=other))
    out(theirs, "INC-3")
    client.force_login(person)
    plan = imports.check(
        client.get(ALL["csv"]).content, user=person, now=START + dt.timedelta(days=31)
    )
    assert (plan.problems, plan.unchanged, plan.changes) == ([], 3, [])


def test_the_workbook_shows_the_hours_of_paris_and_no_formula(mine, service):
    out(service, "=1+1")
    sheet = load_workbook(io.BytesIO(mine.get(of(service, "xlsx")).content)).worksheets[0]
    assert sheet["B2"].value.isoformat() == "2026-01-15T18:00:00"
    assert (sheet["E2"].value, sheet["E2"].data_type) == ("=1+1", "s")
    assert sheet["B1"].value == "Début (heure de Paris)"


def test_the_file_of_all_holds_what_the_person_sees(client, mine, service):
    out(service)
    out(ServiceFactory(code="d-un-autre"), "AUTRE")
    assert [row["Référence"] for row in rows(mine.get(ALL["csv"]))] == ["INC-1"]
    client.force_login(member(Role.AGENT))
    assert {row["Référence"] for row in rows(client.get(ALL["csv"]))} == {"INC-1", "AUTRE"}
    client.force_login(UserFactory())
    assert rows(client.get(ALL["csv"])) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_who_may_take_the_outages_of_a_prestation(client, service, kind):
    url = of(service, kind)
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    client.force_login(member(Role.MANDATAIRE))
    assert client.get(url).status_code == 404
    client.force_login(member(Role.AGENT))
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 405


def test_a_prestation_without_outages_has_a_file_with_titles(mine, service):
    assert mine.get(of(service)).content.decode("utf-8-sig").count("\n") == 1


def test_queries_do_not_grow_with_outages(mine, service, django_assert_max_num_queries):
    for number in range(12):
        out(service, f"INC-{number}")
    with django_assert_max_num_queries(15):  # the security log among them
        assert len(rows(mine.get(ALL["csv"]))) == 12


def test_too_many_for_one_file_is_shown(mine, service, monkeypatch):
    monkeypatch.setattr(exports, "MOST", 2)
    for number in range(3):
        out(service, f"INC-{number}")
    assert mine.get(of(service)).status_code == 200
    assert mine.get(ALL["csv"]).status_code == 302
