"""A long file of tickets, in a browser: checked, confirmed, its bar, its result."""

import threading

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from accounts.enums import Role
from imports.models import Import
from imports.services import jobs
from imports.services.lines import LineImport
from perf.models import Ticket
from tests.factories import ServiceFactory, member
from tests.imports.files import as_csv

TITLES = ("Service", "Référence", "Objet", "Déclaré")
WAIT = 60


@pytest.fixture
def page(live_server, settings, calendars, visit):
    """Of the import, for a member of the Fournisseur of the service."""
    settings.SITE_URL = live_server.url
    service = ServiceFactory(code="drimbox-alpha")
    visitor = visit(live_server.url)
    visitor.log_in_as(member(Role.SALARIE, service.prestation.organisation).email)
    visitor.goto("/imports/tickets/")
    return visitor.page


class Worker(threading.Thread):
    """Runs the import; at `pause` lines it waits until the browser has shown them."""

    def __init__(self, pk, pause, monkeypatch):
        super().__init__()
        self.pk, self.shown = pk, threading.Event()
        run = LineImport.run

        def paused(kind, job, by, progress, settle):
            def step(done):
                progress(done)
                if done == pause:
                    assert self.shown.wait(WAIT)

            return run(kind, job, by, step, settle)

        monkeypatch.setattr(LineImport, "run", paused)

    def run(self):
        jobs.run(self.pk, now=timezone.now())
        connection.close()


@pytest.mark.parametrize(
    ("lines", "pause"), [(400, 400), pytest.param(10_000, 5_000, marks=pytest.mark.long)]
)
def test_the_bar_of_a_long_file_moves_until_its_result(page, monkeypatch, lines, pause):
    cells = ("drimbox-alpha", "Images absentes", "16/11/2025 10:00")
    rows = [
        dict(zip(TITLES, (cells[0], f"SUP-{n}", *cells[1:]), strict=True)) for n in range(lines)
    ]
    file = {"name": "tickets.csv", "mimeType": "text/csv", "buffer": as_csv(rows)}
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Vérifier le fichier").click()
    page.get_by_role("button", name=f"Enregistrer {lines} lignes").click()
    expect(page.locator("#etat").get_by_text("Le fichier attend son tour.")).to_be_visible()
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("value", "0")

    worker = Worker(Import.objects.get().pk, pause, monkeypatch)
    worker.start()
    expect(bar).to_have_attribute("value", str(pause))
    share = {1: "toutes", 2: "la moitié"}[lines // pause]
    expect(page.locator("#annonce")).to_have_text(f"Lignes vérifiées : {share}.")
    worker.shown.set()
    expect(
        page.locator("#etat").get_by_text(f"Lignes du fichier : {lines} ajoutées.")
    ).to_be_visible(timeout=60_000)
    worker.join()
    assert Ticket.objects.count() == lines
