import csv
import datetime as dt
import io

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Role
from calendar_app.selectors.exports import DEADLINES, PRESTATIONS
from tests.factories import (
    DeadlineFactory,
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    UserFactory,
    justified_pilot,
    member,
)
from tests.pages import markup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
LISTS = ("deadlines", "prestations")
NOW = "2026-11-22 10:00"
NOTED = 5
"""Queries of the line of the security log."""


@pytest.fixture
def person():
    return member(Role.SALARIE)


@pytest.fixture
def host(person):
    return person.memberships.get().organisation


@pytest.fixture
def mine(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def prestation(host):
    supplier = SupplierFactory(solution=SolutionFactory(organisation=host, name="=Iris"))
    hospital = OrganisationFactory(client=True, name="Hôpital des Œillets")
    return PrestationFactory(supplier=supplier, client=hospital)


def rows(client, name, **filters):
    with time_machine.travel(NOW, tick=False):
        response = client.get(reverse(name), filters)
    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_deadlines_are_those_of_the_page(mine, prestation):
    for _ in range(3):
        justified_pilot(prestation.supplier)
    milestone = prestation.dispositif.milestones.get(number=6)
    DeadlineFactory(prestation=prestation, solution=None, milestone=milestone)
    [row] = rows(mine, "deadlines:csv")
    assert row["Client"] == "Hôpital des Œillets"
    assert (row["Avant le"], row["Heure (heure de Paris)"]) == ("22/09/2027", "12h")
    assert row["Solution"].startswith("'=Iris")
    assert (row["Jalon"], row["État"]) == ("6", "À faire")
    assert row["Qui doit agir"] == prestation.organisation.name
    assert tuple(row) == DEADLINES


def test_a_delay_that_ends_at_midnight_is_shown_by_its_last_day(mine, prestation):
    midnight = dt.datetime(2026, 12, 14, 23, tzinfo=dt.UTC)
    DeadlineFactory(prestation=prestation, solution=None, due_at=midnight)
    [row] = rows(mine, "deadlines:csv")
    assert (row["Avant le"], row["Heure (heure de Paris)"]) == ("14/12/2026", "24h")
    with time_machine.travel(NOW, tick=False):
        response = mine.get(reverse("deadlines:xlsx"))
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    place = DEADLINES.index("Avant le") + 1
    assert sheet.cell(2, place).value == dt.datetime(2026, 12, 14)  # noqa: DTZ001  (a day)
    assert sheet.cell(2, place + 1).value == "24h"


def test_filters_of_the_deadlines_are_kept(mine, host, prestation):
    milestone = prestation.dispositif.milestones.get(number=6)
    DeadlineFactory(prestation=prestation, solution=None, milestone=milestone)
    DeadlineFactory(solution=SolutionFactory(organisation=host, drimbox=True))
    assert len(rows(mine, "deadlines:csv")) == 2
    assert len(rows(mine, "deadlines:csv", dispositif="drimbox")) == 1
    assert len(rows(mine, "deadlines:csv", q="hopital")) == 1
    assert rows(mine, "deadlines:csv", vue="closes") == []


def test_prestations_are_those_of_the_page(mine, prestation):
    PrestationFactory(supplier=prestation.supplier, order_reference="-BDC 1")
    found = rows(mine, "prestations:csv")
    assert [row["Client"] for row in found][1:] == ["Hôpital des Œillets"]
    assert found[0]["Bon de commande"] == "'-BDC 1"
    assert tuple(found[0]) == PRESTATIONS
    assert len(rows(mine, "prestations:csv", q="hopital")) == 1


@pytest.mark.parametrize("name", LISTS)
def test_the_workbook_has_the_same_lines(mine, prestation, name):
    DeadlineFactory(solution=prestation.supplier.solution)
    with time_machine.travel(NOW, tick=False):
        response = mine.get(reverse(f"{name}:xlsx"))
    assert ".sheet" in response["Content-Type"]
    assert response["Content-Disposition"].endswith('-2026-11-22.xlsx"')
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert sheet.max_row == 1 + len(rows(mine, f"{name}:csv"))
    assert all(cell.data_type != "f" for line in sheet for cell in line)


@pytest.mark.parametrize("name", LISTS)
def test_another_organisation_gets_its_own_list(client, prestation, name):
    DeadlineFactory(solution=prestation.supplier.solution)
    client.force_login(member(Role.MANDATAIRE))
    assert rows(client, f"{name}:csv") == []


@pytest.mark.parametrize("name", LISTS)
def test_the_page_links_to_its_files_with_its_filters(mine, prestation, name):
    DeadlineFactory(solution=prestation.supplier.solution)
    page = mine.get(reverse(f"{name}:index"), {"dispositif": "ris", "page": "1"})
    for kind in ("csv", "xlsx"):
        assert f'{reverse(f"{name}:{kind}")}?dispositif=ris"' in markup(page)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_anonymous_logs_in_first_and_nothing_is_written(client, name, kind):
    url = reverse(f"{name}:{kind}")
    assert client.get(url)["Location"].startswith(reverse("account_login"))
    client.force_login(member(Role.AGENT))
    assert client.post(url).status_code == 405


def test_a_person_without_organisation_has_no_deadlines_to_take(client):
    client.force_login(UserFactory())
    assert client.get(reverse("deadlines:csv"))["Location"] == reverse("accounts:none")


@pytest.mark.parametrize("name", LISTS)
def test_queries_do_not_grow_with_lines(mine, prestation, name, django_assert_max_num_queries):
    for _number in range(12):
        another = PrestationFactory(supplier=prestation.supplier)
        milestone = another.dispositif.milestones.get(number=6)
        DeadlineFactory(prestation=another, solution=None, milestone=milestone)
    with django_assert_max_num_queries(16 + NOTED):
        mine.get(reverse(f"{name}:csv"))
