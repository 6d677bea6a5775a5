"""DRIMbox case 2 in the browser, from the VA to the validation: in time, and late (DOMAIN §6)."""

import datetime as dt

import pytest
from django.utils import timezone

from calendar_app.demo import cast
from calendar_app.enums import State
from calendar_app.models import Deadline, Prestation
from pilots.va.models import VA
from segur.lib import paris
from tests.e2e.browser import Visitor
from tests.pages import as_read
from tests.plain_pdf import pdf

FILE = {"name": "piece.pdf", "mimeType": "application/pdf", "buffer": pdf("Pièce fictive")}


@pytest.fixture
def prestation(site):
    return Prestation.objects.filter(
        organisation__name=cast.EDITEUR, dispositif__slug="drimbox", va=None
    ).earliest("pk")


@pytest.fixture
def representant(visitor):
    visitor.log_in_as(cast.REPRESENTANT.email)
    return visitor


def ago(days: int) -> str:
    return (paris.day(timezone.now()) - dt.timedelta(days=days)).isoformat()


def push(visitor: Visitor, name: str) -> None:
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=name).click()


def follow(visitor: Visitor, name: str) -> None:
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("link", name=name).first.click()


def heading(visitor: Visitor) -> str:
    return as_read(visitor.page.locator("main").inner_text())


def record(visitor: Visitor, prestation: Prestation, *, signed: int) -> None:
    """From the page of the prestation, a VA with two conditions reported."""
    visitor.goto(f"/prestations/{prestation.pk}/")
    follow(visitor, "VA et deux mois")
    assert "VA non enregistrée" in heading(visitor)
    follow(visitor, "Enregistrer la VA")
    page = visitor.page
    page.get_by_label("Cas 2", exact=False).check()
    page.get_by_label("Prestation finalisée le").fill(ago(signed + 2))
    page.get_by_label("RIS en Vague 2 depuis le").fill(ago(signed + 9))
    page.get_by_label("Flux des comptes-rendus", exact=False).check()
    page.get_by_label("Appel contextuel", exact=False).check()
    page.get_by_label("VA signée le").fill(ago(signed))
    page.get_by_label("Signataire pour le Client").fill("Dr Hélène Sombreval")
    page.locator("input[type=file]").set_input_files(FILE)
    push(visitor, "Enregistrer la VA")
    assert "c'est le cas 1" in heading(visitor)
    page.get_by_label("RIS en Vague 2 depuis le").fill("")
    page.locator("input[type=file]").set_input_files(FILE)
    push(visitor, "Enregistrer la VA")
    assert "En attente du RIS" in heading(visitor)


def notify(visitor: Visitor, days: int) -> None:
    follow(visitor, "Enregistrer la notification")
    visitor.page.get_by_label("Notifié le").fill(ago(days))
    visitor.page.get_by_label("Par quel moyen").fill("lettre recommandée")
    visitor.page.locator("input[type=file]").set_input_files(FILE)
    push(visitor, "Enregistrer la notification")


def validate(visitor: Visitor, days: int) -> None:
    """The first condition that still waits."""
    follow(visitor, "Enregistrer la validation")
    visitor.page.get_by_label("Validée par le Client le").fill(ago(days))
    visitor.page.locator("input[type=file]").set_input_files(FILE)
    push(visitor, "Enregistrer la validation")


def test_case_2_from_the_va_to_the_validation_in_time(representant, prestation):
    record(representant, prestation, signed=20)
    assert representant.accessibility_problems() == []
    notify(representant, 10)
    assert "Délai en cours" in heading(representant)
    assert "art. 641 du Code de procédure civile" in heading(representant)
    assert representant.accessibility_problems() == []
    validate(representant, 3)
    assert "1 sur 2" in heading(representant)
    validate(representant, 1)
    assert "Validée dans le délai" in heading(representant)
    deadline = Deadline.objects.get(prestation=prestation, code="va-reserves")
    assert deadline.state == State.ACCEPTED
    representant.goto(f"/echeances/{deadline.pk}/")
    assert "dans le délai" in heading(representant)


def test_case_2_validated_late_then_a_mistake_undone(representant, prestation):
    record(representant, prestation, signed=120)
    notify(representant, 100)
    assert "Délai dépassé" in heading(representant)
    validate(representant, 60)
    validate(representant, 0)
    last_day = paris.last_day(VA.objects.get(prestation=prestation).clock.due_at)
    late = (paris.day(timezone.now()) - last_day).days
    assert f"Validée avec {late} jours de retard" in heading(representant)
    follow(representant, "Annuler la validation")
    representant.page.get_by_label("Motif").fill("Autre Client")
    push(representant, "Annuler la validation")
    assert "Délai dépassé" in heading(representant)
