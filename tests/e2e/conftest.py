import os
from shutil import which

import pytest
from playwright.sync_api import sync_playwright

from tests.chromium import FLAGS
from tests.e2e.browser import WIDE, Visitor


def pytest_itemcollected(item):
    """All tests of this folder: the event loop of a browser would be in the way of the others."""
    item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium. Playwright keeps an event loop in this thread: Django allows it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Open a browser of one's own on a site; whatever its pages complain of fails the test."""
    visitors = []

    def _visit(site, **options):
        # Without motion: a message that is still fading in has not its own colours yet.
        still = {"reduced_motion": "reduce"}
        place = {"viewport": WIDE, "locale": "fr-FR", "timezone_id": "Europe/Paris"}
        options = {**place, **still, **options}
        visitor = Visitor(chromium.new_context(**options), site)
        visitor.page.set_default_timeout(15_000)
        visitors.append(visitor)
        return visitor

    yield _visit
    complaints = []
    for visitor in visitors:
        complaints += visitor.complaints
        visitor.context.close()
    assert not complaints


@pytest.fixture
def site(live_server, settings, demo):
    """The whole site, with the demonstration data, at an address of its own."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def visitor(visit, site):
    return visit(site)
