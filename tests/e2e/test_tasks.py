"""The tasks that people do most, in a browser, their clicks counted: docs/tasks.md repeats them.

A click is a press of a button or a link, or Enter in a field. Typing, ticking and choosing a file
are not counted. `make pages` does them again by the keyboard alone.
"""

import datetime as dt
import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator

from accounts.enums import Kind, Role
from accounts.models import Organisation, User
from calendar_app.demo import cast
from calendar_app.enums import OPEN_STATES, State
from calendar_app.models import Deadline, Prestation
from mailing.models import OutgoingMail
from pilots.enums import PVState
from pilots.pv.models import PilotPV
from segur.lib import paris
from tests.e2e.browser import Visitor
from tests.e2e.reading import MOST_TABS
from tests.factories import OrganisationFactory
from tests.plain_pdf import pdf

PROOF = {"name": "accuse.pdf", "mimeType": "application/pdf", "buffer": pdf("Accusé fictif")}
PAGE = settings.BASE_DIR / "docs" / "tasks.md"
ROW = re.compile(r"^\| (?P<name>[^|]+?) \|[^|]*\| (?P<goal>\d) \| (?P<clicks>\d) \|$", re.MULTILINE)


def documented(path: Path = PAGE) -> dict[str, int]:
    """Task → clicks, as the page says."""
    return {row["name"]: int(row["clicks"]) for row in ROW.finditer(path.read_text())}


@dataclass
class Task:
    """Counts the clicks of a visitor."""

    visitor: Visitor
    by_keyboard: bool = False
    clicks: int = 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        if self.by_keyboard:
            self.reach(what)
        with self.visitor.page.expect_navigation():
            if self.by_keyboard:
                self.visitor.page.keyboard.press("Enter")
            else:
                what.click()

    def reach(self, what: Locator) -> None:
        """By the Tab key, from where the focus is; a page without end of stops fails."""
        for _stop in range(MOST_TABS):
            self.visitor.page.keyboard.press("Tab")
            if what.evaluate("element => element === document.activeElement"):
                return
        pytest.fail(f"the Tab key does not reach {what}")

    def tick(self, what: Locator) -> None:
        if self.by_keyboard:
            what.focus()  # arrows, not Tab, move between the radios of one question
            self.visitor.page.keyboard.press("Space")
        else:
            what.check()

    def link(self, name: str) -> None:
        self.click(self.visitor.page.locator("main").get_by_role("link", name=name).first)

    def button(self, name: str) -> None:
        self.click(self.visitor.page.locator("main").get_by_role("button", name=name).first)

    def search(self, words: str) -> None:
        """By the key «/», from any page."""
        self.visitor.page.keyboard.press("/")
        self.visitor.page.keyboard.type(words)
        self.clicks += 1
        with self.visitor.page.expect_navigation():
            self.visitor.page.keyboard.press("Enter")

    def text(self) -> str:
        return self.visitor.page.locator("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(
    params=[
        pytest.param(False, id="mouse"),
        pytest.param(True, id="keyboard", marks=pytest.mark.long),
    ]
)
def by_keyboard(request):
    return request.param


@pytest.fixture
def task(visitor, by_keyboard):
    visitor.log_in_as(cast.REPRESENTANT.email)
    visitor.goto("/echeances/")
    return Task(visitor, by_keyboard)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_see_what_is_next(task, width, height):
    page = task.visitor.page
    page.set_viewport_size({"width": width, "height": height})
    first = page.locator("main h1 ~ p.lead").first.bounding_box()
    assert first is not None
    assert first["y"] + first["height"] <= height
    assert task.clicks == documented()["Voir ce qui vient"]


def test_declare_a_deposit_with_its_piece(task):
    prestation = Prestation.objects.filter(
        organisation__name=cast.EDITEUR,
        deadlines__milestone__number=5,
        deadlines__state=State.TO_DO,
    ).first()
    assert prestation
    deadline = prestation.deadlines.filter(state__in=OPEN_STATES).first()
    task.visitor.goto(reverse("prestations:detail", args=[prestation.pk]))
    page = task.visitor.page

    task.link("Déclarer")
    day = paris.day(timezone.now()) - dt.timedelta(days=1)
    page.get_by_label("Jour", exact=False).first.fill(day.isoformat())
    page.get_by_label("Heure", exact=False).first.fill("10:30")
    page.locator("input[type=file]").first.set_input_files([PROOF])
    task.tick(page.locator("input[name=declared]"))
    task.button("Déclarer")

    deadline.refresh_from_db()
    assert deadline.state == State.FILED
    assert task.clicks == documented()["Déclarer un dépôt avec sa pièce"]


def test_find_a_client(task):
    client = Organisation.objects.filter(name__contains="Merlinville").get()

    task.search("merlinvile")  # one letter is missing
    task.link(client.name)

    assert task.visitor.page.url.endswith(f"/clients/{client.pk}/")
    assert task.clicks == documented()["Retrouver un Client"]


def test_see_what_blocks_the_solde_of_a_client(task):
    blocked = Deadline.objects.filter(
        prestation__organisation__name=cast.LAPSED,
        milestone__number=6,
        state__in=OPEN_STATES,
    ).first()
    prestation = blocked.prestation

    task.search(prestation.client.name)
    task.click(task.visitor.page.locator(f"main a[href='/prestations/{prestation.pk}/']"))

    assert "Qui doit agir" in task.text()
    assert "mandat" in task.text()
    assert task.clicks == documented()["Voir ce qui bloque le solde d'un Client"]


def test_review_a_pv_that_was_read(visitor, by_keyboard):
    """One sentence ticked, one button; the next PV is there, taken."""
    visitor.log_in_as(cast.AGENT.email)
    agent = User.objects.get(email=cast.AGENT.email)
    pv = PilotPV.objects.get(state=PVState.IN_REVIEW, assigned_to=agent)
    visitor.goto(reverse("review:pv", args=[pv.pk]))
    visitor.page.wait_for_load_state("networkidle")
    task = Task(visitor, by_keyboard)

    task.tick(visitor.page.locator("[name=all_checked]"))
    task.button("Conforme et suivant")

    pv.refresh_from_db()
    following = PilotPV.objects.get(state=PVState.IN_REVIEW, assigned_to=agent)
    assert pv.state == PVState.TO_TAKE_EFFECT
    assert visitor.page.url.endswith(reverse("review:pv", args=[following.pk]))
    assert task.clicks == documented()["Contrôler un PV lu, le suivant étant pris"]


def test_hand_a_deadline_to_a_colleague(task):
    deadline = Deadline.objects.filter(
        organisation__name=cast.EDITEUR, milestone__isnull=False, state=State.TO_DO
    ).first()
    assert deadline
    colleague = User.objects.get(email=cast.SALARIE.email)
    task.visitor.goto(reverse("deadlines:detail", args=[deadline.pk]))

    task.visitor.page.locator("form.charge-form select").select_option(str(colleague.pk))
    task.button("Confier")

    assert f"En charge : {colleague}" in task.text()
    assert task.clicks == documented()["Confier une échéance à un collègue"]


def open_account(task: Task, link: str) -> None:
    page = task.visitor.page
    page.goto(link)
    task.button("Créer mon compte")
    page.locator("input[name=full_name]").fill("Personne Nouvelle")
    for name in ("password1", "password2"):
        page.locator(f"input[name={name}]").fill("une phrase assez longue 7")
    task.button("Créer mon compte")


def test_the_first_responsable_of_a_new_site_reaches_the_programme(
    visit, live_server, settings, by_keyboard
):
    settings.SITE_URL = live_server.url
    out = StringIO()
    call_command("first_responsable", "claire@exemple.example", stdout=out)
    task = Task(visit(live_server.url), by_keyboard)

    open_account(task, next(word for word in out.getvalue().split() if "/invitation/" in word))

    assert task.visitor.page.url.endswith("/programme/")
    assert task.clicks == documented()["Premier Responsable d'un nouveau site"]


def test_the_first_person_of_an_organisation_reaches_its_deadlines(visit, site, by_keyboard):
    from accounts.services.invitations import invitation_send  # noqa: PLC0415
    from journal.rules.by import By  # noqa: PLC0415

    organisation = OrganisationFactory(kind=Kind.EDITEUR)
    inviter = User.objects.get(email=cast.RESPONSABLE.email)
    invitation_send(
        organisation=organisation,
        email="claire@exemple.example",
        role=Role.MANDATAIRE,
        by=By.person(inviter, timezone.now()),
    )
    body = OutgoingMail.objects.get(to_email="claire@exemple.example").body_text
    task = Task(visit(site), by_keyboard)
    page = task.visitor.page

    open_account(task, next(word for word in body.split() if "/invitation/" in word))
    assert page.url.endswith("/premiers-pas/")
    task.link("Enregistrer une solution")
    task.tick(page.locator("input[name=dispositif]").first)
    page.locator("input[name=name]").fill("RIS nouveau")
    task.tick(page.locator("input[value=CONCURRENTIEL]"))
    task.button("Enregistrer la solution")
    task.link("Plus tard")

    solution = organisation.solutions.get()
    assert page.url.endswith(f"/solutions/{solution.pk}/")
    assert solution.deadlines.first().title in task.text()
    assert task.clicks == documented()["Première personne d'une organisation"]


def test_a_session_that_ended_gives_back_what_was_typed(task):
    visitor, page = task.visitor, task.visitor.page
    visitor.goto(reverse("solutions:create"))
    page.locator("input[name=name]").fill("RIS « tapé »")
    page.locator("input[value=CONCURRENTIEL]").check()
    visitor.context.clear_cookies(name="sessionid")
    task.button("Enregistrer la solution")
    page.locator("input[name=login]").fill(cast.REPRESENTANT.email)
    page.locator("input[name=password]").fill(cast.PASSWORD)
    task.button("Se connecter")

    assert page.url.endswith(reverse("solutions:create"))
    assert "Votre saisie est rétablie" in task.text()
    assert page.locator("input[name=name]").input_value() == "RIS « tapé »"
    assert page.locator("input[value=CONCURRENTIEL]").is_checked()


def test_every_documented_task_keeps_to_its_goal():
    for row in ROW.finditer(PAGE.read_text()):
        assert int(row["clicks"]) <= int(row["goal"]), row["name"]
