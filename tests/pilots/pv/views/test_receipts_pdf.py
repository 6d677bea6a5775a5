"""Receipts of a PV as PDF: its sending, and each decision that has taken effect."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests import pdfs
from tests.factories import member
from tests.pilots.reviewing import NOW, accept, agent, declare_conform, reviewed_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]


def url(name, pk):
    return reverse(f"pilots:{name}", args=[pk])


@pytest.fixture
def pv():
    return reviewed_by(agent())


@pytest.fixture
def supplier(client, pv):
    client.force_login(member(Role.SALARIE, pv.pilot.prestation.organisation))


def test_the_receipt_of_the_sending(client, pv, supplier):
    response = client.get(url("pv_receipt_pdf", pv.pk))
    assert response["Content-Type"] == "application/pdf"
    words = pdfs.words(response.content)
    assert pv.pilot.client.name in words
    assert pv.files.get().name in words


def test_a_decision_in_effect(client, pv, supplier):
    decision = accept(pv, pv.assigned_to)
    words = pdfs.words(client.get(url("pv_decision_pdf", decision.pk)).content)
    assert "Décision : conforme" in words
    assert pv.pilot.client.name in words


def test_a_pending_decision_has_no_paper(client, pv, supplier):
    decision = declare_conform(pv, pv.assigned_to)
    assert client.get(url("pv_decision_pdf", decision.pk)).status_code == 404


def test_an_outsider_finds_none(client, pv):
    decision = accept(pv, pv.assigned_to)
    client.force_login(member(Role.MANDATAIRE))
    assert client.get(url("pv_receipt_pdf", pv.pk)).status_code == 404
    assert client.get(url("pv_decision_pdf", decision.pk)).status_code == 404
