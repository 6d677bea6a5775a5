"""Every page, export and feed of the demonstration, as each role reads it."""

import pytest

from tests.golden.faults import faults
from tests.golden.reading import lines
from tests.golden.routes import routes
from tests.golden.store import written
from tests.pages import markup

AREAS = sorted({route.area for route in routes()})


def answers(people, route):
    """Anonymous readers stand here only where they get more than the login page."""
    for which, url in route.urls():
        for role, browser in people.items():
            response = browser.get(url)
            shown = lines(response)
            if role != "anonymous" or not shown[:1] or not shown[0].startswith("302 /compte/"):
                yield which, role, shown, response


def faults_of(response):
    """A download is read by whom it is for."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if is_page and "Content-Disposition" not in response.headers:
        yield from faults(markup(response))


@pytest.mark.parametrize("area", AREAS)
def test_what_is_shown_has_not_changed_and_reads_well(people, golden, area):
    folder = golden(f"texts/{area}")
    wrong = {}
    for route in routes():
        if route.area != area:
            continue
        readings = []
        for which, role, shown, response in answers(people, route):
            readings.append((which, role, shown))
            wrong |= dict.fromkeys(faults_of(response), (role, route.path))
        if any(read[:1] not in (["404"], ["405"]) for _which, _role, read in readings):
            folder.check(route.file, written(readings))
    assert not wrong
