"""Every page, export and feed of the demonstration, as each role reads it."""

from functools import partial

import pytest

from tests.golden.faults import faults
from tests.golden.reading import lines
from tests.golden.routes import routes
from tests.golden.store import who_reads_the_same, written
from tests.pages import markup

NOT_FOUND = (["404"], [])
AREAS = sorted({route.area for route in routes()})
WRITTEN_BY_READING = {"journal"}
"""Areas where an answer shows who has asked before: everybody is asked each time."""


def answers(people, route, same):
    """Anonymous readers stand here only where they get more than the login page."""
    for target in route.targets():
        ask, alike = partial(read, target.url), same.get(target.which, ())
        for role, (shown, faulty) in people.asked(target, ask, NOT_FOUND, alike):
            if role != "anonymous" or not shown[:1] or not shown[0].startswith("302 /compte/"):
                yield target.which, role, shown, faulty


def read(url, browser):
    """What is shown, and what reads badly there."""
    response = browser.get(url)
    return lines(response), list(faults_of(response))


def faults_of(response):
    """A download is read by whom it is for."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if is_page and "Content-Disposition" not in response.headers:
        yield from faults(markup(response))


@pytest.mark.parametrize("area", AREAS)
def test_what_is_shown_has_not_changed_and_reads_well(people, golden, area, everybody):
    folder = golden(f"texts/{area}")
    asks_all = everybody or area in WRITTEN_BY_READING
    wrong = {}
    for route in routes():
        if route.area != area:
            continue
        readings = []
        same = {} if asks_all else who_reads_the_same(folder.kept(route.file))
        for which, role, shown, faulty in answers(people, route, same):
            readings.append((which, role, shown))
            wrong |= dict.fromkeys(faulty, (role, route.path))
        if any(read[:1] not in (["404"], ["405"]) for _which, _role, read in readings):
            folder.check(route.file, written(readings))
    assert not wrong
