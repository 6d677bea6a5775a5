"""Forty at once, forty confirmed, a new Client: the clicks that each takes, in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline, Prestation
from calendar_app.services.deadlines import open_deadlines
from tests.calendar_app.filing_cases import OPENED, organisation_of
from tests.calendar_app.papers import PDF
from tests.factories import PrestationFactory, SolutionFactory, SupplierFactory, member

FORTY = 40


class Clicks:
    """Counts what a person clicks; typing and choosing a file are not clicks."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def __call__(self, role, name, **options):
        self.count += 1
        self.page.get_by_role(role, name=name, **options).first.click()


@pytest.fixture
def filer(live_server, settings, calendars):
    settings.SITE_URL = live_server.url
    return member(Role.REPRESENTANT)


@pytest.fixture
def supplier(filer):
    return SupplierFactory(solution=SolutionFactory(organisation=organisation_of(filer)))


@pytest.fixture
def park(supplier):
    """Forty prestations, to be declared as realised: milestone 5 has no gate."""
    for _ in range(FORTY):
        open_deadlines(now=OPENED, prestation=PrestationFactory(supplier=supplier))
    return Deadline.objects.filter(milestone__number=5)


@pytest.fixture
def enter(visit, live_server):
    def _enter(user, address):
        visitor = visit(live_server.url)
        visitor.log_in_as(user.email)
        visitor.goto(address)
        return visitor.page

    return _enter


def declare(page, click):
    click("link", "Déclarer les dépôts de ce jalon")
    page.get_by_label("Jour").fill("2026-11-02")
    page.get_by_label("Heure de Paris").fill("10:45:00")
    page.locator("input[type=file]").set_input_files(
        {"name": "accuse.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    click("checkbox", "Ces prestations sont réalisées")
    click("button", f"Déclarer les {FORTY} dépôts")


def test_forty_deposits_of_a_folded_milestone_take_four_clicks(enter, filer, park):
    page = enter(filer, reverse("deadlines:index"))
    click = Clicks(page)
    click.count += 1
    page.locator("details.fold summary", has_text=park[0].title).click()
    declare(page, click)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Récépissé commun")
    assert click.count <= 4
    assert set(park.values_list("state", flat=True)) == {State.FILED}


def test_the_ans_confirms_forty_in_three_clicks(enter, filer, park):
    page = enter(filer, f"{reverse('deadlines:index')}?jalon={park[0].milestone.code}")
    declare(page, Clicks(page))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Récépissé commun")
    page = enter(member(Role.AGENT), f"{reverse('deadlines:index')}?vue=deposees")
    click = Clicks(page)
    click("checkbox", "Tout sélectionner")
    expect(page.locator("[data-bulk-count]")).to_have_text("Toutes sélectionnées")
    click("button", "Confirmer les dépôts")
    click("button", f"Confirmer les {FORTY} dépôts")
    expect(page.locator("#messages")).to_contain_text(f"{FORTY} dépôts confirmés")
    assert click.count <= 3
    assert set(park.values_list("state", flat=True)) == {State.ACCEPTED}


def test_a_new_client_and_its_prestation_take_four_clicks(enter, filer, supplier):
    page = enter(filer, reverse("prestations:index"))
    click = Clicks(page)
    click("link", "Enregistrer une prestation")
    page.get_by_label("Nom du Client ou numéro FINESS").fill("Clinique Neuve")
    click("button", "Chercher")
    click("link", "Nouveau Client")
    page.get_by_label("FINESS").fill("010000024")
    click("button", "Enregistrer le Client et la prestation")
    expect(page.locator("#messages")).to_contain_text("La prestation est enregistrée")
    assert click.count <= 4
    assert Prestation.objects.get().client.name == "Clinique Neuve"


def test_lines_are_ticked_by_keyboard_and_counted(enter, filer, park):
    page = enter(filer, f"{reverse('deadlines:index')}?jalon={park[0].milestone.code}")
    boxes = page.locator("input[name=ligne]")
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-bulk-count]")).to_have_text("1 sélectionnée")
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("5 sélectionnées")
    page.get_by_role("button", name="Déclarer sans objet").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Déclarer les 5 échéances")
