"""`/api/v1/suppliers`: each party records its own part of the rights."""

import pytest

from accounts.enums import Role
from tests.factories import OrganisationFactory, SolutionFactory, SupplierFactory, member
from tests.keys import software_of

MANDATE = {"mandate_from": "2026-03-01", "mandate_until": "2028-02-29"}
PSC = {"psc_from": "2026-03-01", "psc_until": "2028-02-29"}
SIREN = "990000002"


@pytest.fixture
def distributeur(calendars):
    return OrganisationFactory(kind="DISTRIBUTEUR", siren=SIREN)


@pytest.fixture
def solution(host):
    return SolutionFactory(organisation=host)


@pytest.fixture
def supplier(solution, distributeur):
    return SupplierFactory(solution=solution, organisation=distributeur)


@pytest.fixture
def partner(client, distributeur):
    return software_of(client, member(Role.MANDATAIRE, distributeur))


def change(caller, supplier, values):
    path = f"suppliers/{supplier.pk}"
    return caller.patch(path, values, headers={"If-Match": caller.get(path)["ETag"]})


def test_an_editeur_declares_a_distributeur_by_its_siren(software, solution, distributeur):
    answer = software.post(f"solutions/{solution.pk}/suppliers", {"siren": SIREN, **MANDATE})
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["fournisseur"], answer.json()["is_editeur"]) == (distributeur.name, False)
    assert answer.json()["mandate_until"] == MANDATE["mandate_until"]
    assert software.get(f"suppliers/{answer.json()['id']}").json() == answer.json()


@pytest.mark.parametrize("siren", ["732829320", "123456789", "99000000"])
def test_nobody_is_found_by_another_number(software, solution, distributeur, siren):
    answer = software.post(f"solutions/{solution.pk}/suppliers", {"siren": siren})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["siren"])


def test_each_party_records_its_own_part(software, partner, supplier):
    assert change(software, supplier, MANDATE).status_code == 200
    changed = change(partner, supplier, PSC)
    assert changed.status_code == 200, changed.json()
    assert (changed.json()["psc_until"], changed.json()["mandate_until"]) == ("2028-02-29",) * 2


def test_nobody_records_the_part_of_the_other(software, partner, supplier):
    assert list(change(software, supplier, PSC).json()["errors"]) == ["psc_from", "psc_until"]
    refused = change(partner, supplier, MANDATE | PSC)
    assert list(refused.json()["errors"]) == ["mandate_from", "mandate_until"]
    before = (supplier.psc_from, supplier.mandate_from)
    supplier.refresh_from_db()
    assert (supplier.psc_from, supplier.mandate_from) == before


def test_a_right_ends_after_it_begins(partner, supplier):
    wrong = {"psc_from": "2026-03-02", "psc_until": "2026-03-01"}
    assert list(change(partner, supplier, wrong).json()["errors"]) == ["psc_until"]


def test_a_stranger_neither_sees_nor_changes(stranger, supplier):
    path = f"suppliers/{supplier.pk}"
    assert stranger.get(path).status_code == 404
    assert stranger.patch(path, MANDATE, headers={"If-Match": "*"}).status_code == 404
