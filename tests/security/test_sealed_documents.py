"""A receipt or a statement that somebody changed in the database is neither shown nor given."""

import json

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Filing
from perf.models import Statement
from perf.services.statements import issue
from tests.by import acting
from tests.calendar_app.filing_cases import file, of_solution
from tests.factories import ServiceFactory, member
from tests.keys import software_of
from tests.pages import text
from tests.perf.statements.cases import NOW, YEAR_2026, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
SENTENCE = "n'a plus l'empreinte de son établissement"


@pytest.mark.parametrize("name", ["receipt", "receipt_json", "receipt_pdf"])
def test_a_receipt_that_was_changed(client, name):
    person = member(Role.MANDATAIRE)
    filing = file(of_solution(2, editeur=person), person)
    client.force_login(person)
    address = reverse(f"deadlines:{name}", args=[filing.receipt_number])
    assert client.get(address).status_code == 200
    Filing.objects.update(receipt={**filing.receipt, "depose_le": "2020-01-01T00:00:00+00:00"})
    response = client.get(address)
    assert response.status_code == 500
    assert f"{filing.receipt_number} {SENTENCE}" in text(response)


def changed_receipt():
    """A filing whose receipt was changed, and its author."""
    person = member(Role.MANDATAIRE)
    filing = file(of_solution(2, editeur=person), person)
    Filing.objects.update(receipt={**filing.receipt, "depose_le": "2020-01-01T00:00:00+00:00"})
    return filing, person


def test_the_api_does_not_give_a_receipt_that_was_changed(client):
    filing, person = changed_receipt()
    answer = software_of(client, person).get(f"receipts/{filing.receipt_number}")
    assert answer.status_code == 500
    assert "2020-01-01" not in answer.content.decode()


def test_a_dossier_does_not_give_a_receipt_that_was_changed(client):
    filing, person = changed_receipt()
    client.force_login(person)
    response = client.post(reverse("solutions:archive", args=[filing.deadline.solution_id]))
    assert response.status_code == 500
    assert f"{filing.receipt_number} {SENTENCE}" in text(response)


@pytest.mark.parametrize("name", ["statement", "statement_json", "statement_csv", "statement_pdf"])
def test_a_statement_that_was_changed(client, name):
    service = ServiceFactory(created_at=at("01/12/2025 09:00"))
    person = member(Role.REPRESENTANT, service.prestation.organisation)
    found = issue(prestation=service.prestation, period=YEAR_2026, by=acting(person, NOW))
    client.force_login(person)
    address = reverse(f"perf:{name}", args=[found.pk])
    assert client.get(address).status_code == 200
    changed = json.loads(found.document) | {"perf": "1"}
    Statement.objects.update(document=json.dumps(changed))
    response = client.get(address)
    assert response.status_code == 500
    assert f"{found.number} {SENTENCE}" in text(response)
