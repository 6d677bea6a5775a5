"""«Review a PV: 2 clicks», counted in a browser that shows PDF files."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pilots.enums import PVState
from tests.factories import OrganisationFactory
from tests.pilots.reviewing import agent, pv_of

SMALL_LAPTOP = {"width": 1280, "height": 800}


@pytest.fixture
def waiting(live_server, settings, calendars):
    settings.SITE_URL = live_server.url
    clients = ("Centre d'Imagerie Ambre", "Clinique Brise-Lune")
    sent_at = timezone.now() - dt.timedelta(days=3)
    return [
        pv_of(client=OrganisationFactory(client=True, name=name), sent_at=sent_at)
        for name in clients
    ]


@pytest.fixture
def reviewer(visit, live_server, waiting):
    visitor = visit(live_server.url, viewport=SMALL_LAPTOP)
    visitor.log_in_as(agent().email)
    visitor.goto(reverse("review:index"))
    visitor.page.get_by_role("button", name="Prendre le suivant").click()
    return visitor


def test_file_list_and_decision_are_visible_at_once(reviewer):
    page = reviewer.page
    for part in (
        page.locator(".review-frame"),
        page.get_by_role("checkbox", name="Vérifié, conforme : Client"),
        page.get_by_role("button", name="Conforme et suivant"),
        page.get_by_role("button", name="Non conforme"),
    ):
        expect(part).to_be_in_viewport()
    page.mouse.wheel(0, 20_000)
    expect(page.get_by_role("button", name="Conforme et suivant")).to_be_in_viewport()


def test_a_pv_that_was_read_is_decided_in_two_clicks(reviewer, waiting):
    """One tick, one button; the next PV is there, taken."""
    first, second = waiting
    page = reviewer.page
    page.wait_for_load_state("networkidle")
    page.get_by_role("checkbox", name="tout est conforme").check()
    page.get_by_role("button", name="Conforme et suivant").click()
    expect(page.locator(".review-bar-client")).to_contain_text(second.pilot.client.name)
    expect(page.locator("#messages")).to_contain_text(first.pilot.client.name)
    for pv, state in ((first, PVState.TO_TAKE_EFFECT), (second, PVState.IN_REVIEW)):
        pv.refresh_from_db()
        assert pv.state == state
