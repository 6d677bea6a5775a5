"""`/api/v1/solutions`: recorded, read, changed by whoever read them as they are."""

import pytest

from accounts.enums import Role
from calendar_app.models import Deadline, Solution
from tests.entries import entries
from tests.factories import OrganisationFactory, SolutionFactory, member
from tests.keys import software_of

NEW = {"dispositif": "ris", "name": "ImaRIS", "version": "4.2", "market": "CONCURRENTIEL"}


def test_a_solution_is_recorded_with_its_deadlines_and_the_journal_names_the_key(software, host):
    answer = software.post("solutions", NEW)
    assert answer.status_code == 201, answer.json()
    solution = Solution.objects.get()
    assert answer.json()["id"] == solution.pk
    assert (answer.json()["dispositif"], answer.json()["editeur"]) == ("ris", host.name)
    assert Deadline.objects.filter(solution=solution).exists()
    [entry, *_] = entries(solution)
    assert "clé « Supervision »" in entry.signer.name
    assert software.get("solutions").json()["items"] == [answer.json()]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": ""}, "name", "vide"),
        ({"name": "x" * 151}, "name", "150 caractères"),
        ({"name": "x" * 150}, "", ""),
        ({"market": "GRATUIT"}, "market", "Valeurs possibles"),
        ({"dispositif": "scanner"}, "dispositif", "n'existe pas"),
        ({"proxy_name": "Passerelle"}, "proxy_name", "laissez vides"),
        ({"couleur": "bleu"}, "couleur", "n'existe pas"),
    ],
)
def test_what_is_wrong_is_named_by_field(software, change, field, sentence):
    answer = software.post("solutions", NEW | change)
    if not field:
        assert answer.status_code == 201
        return
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]
    assert sentence in answer.json()["errors"][field][0]


def test_a_change_needs_the_etag_of_the_last_reading(software, host):
    solution = SolutionFactory(organisation=host, name="ImaRIS", version="4.2")
    path = f"solutions/{solution.pk}"
    read = software.get(path)
    change = {"name": "ImaRIS", "version": "5.0", "market": "CONCURRENTIEL"}
    assert software.patch(path, change).status_code == 428
    assert software.patch(path, change, headers={"If-Match": '"autre"'}).status_code == 412
    changed = software.patch(path, change, headers={"If-Match": read["ETag"]})
    assert (changed.status_code, changed.json()["version"]) == (200, "5.0")
    again = software.patch(path, change, headers={"If-Match": read["ETag"]})
    assert again.status_code == 412
    solution.refresh_from_db()
    assert solution.version == "5.0"


def test_what_was_read_already_is_not_sent_again(software, host):
    path = f"solutions/{SolutionFactory(organisation=host).pk}"
    etag = software.get(path)["ETag"]
    again = software.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_solution_of_somebody_else_is_unknown(stranger, host):
    path = f"solutions/{SolutionFactory(organisation=host).pk}"
    assert stranger.get("solutions").json() == {"items": [], "next": None}
    assert stranger.get(path).status_code == 404
    assert stranger.patch(path, NEW, headers={"If-Match": "*"}).status_code == 422
    body = {"name": "Prise"}
    assert stranger.patch(path, body, headers={"If-Match": "*"}).status_code == 404
    assert stranger.post(f"{path}/referencing", {"referenced_on": None}).status_code == 404


def test_a_distributeur_records_no_solution(client, calendars):
    holder = member(Role.MANDATAIRE, OrganisationFactory(kind="DISTRIBUTEUR"))
    answer = software_of(client, holder).post("solutions", NEW)
    assert answer.status_code == 403
    assert "Seule la clé d'un éditeur" in answer.json()["detail"]


def test_a_referencing_is_recorded_not_in_the_future(software, host):
    solution = SolutionFactory(organisation=host)
    path = f"solutions/{solution.pk}/referencing"
    late = software.post(path, {"referenced_on": "2027-06-10", "reference_number": "V2-1"})
    assert list(late.json()["errors"]) == ["referenced_on"]
    done = software.post(path, {"referenced_on": "2027-06-09", "reference_number": "V2-1"})
    assert done.json()["referenced_on"] == "2027-06-09"
