"""Every page, export and feed of the demonstration, as each role reads it."""

import pytest

from tests.golden.reading import lines
from tests.golden.routes import routes
from tests.golden.store import written

AREAS = sorted({route.area for route in routes()})


def readings(people, route):
    """Anonymous readers stand here only where they get more than the login page."""
    for which, url in route.urls():
        for role, browser in people.items():
            shown = lines(browser.get(url))
            if role != "anonymous" or not shown[:1] or not shown[0].startswith("302 /compte/"):
                yield which, role, shown


@pytest.mark.parametrize("area", AREAS)
def test_what_is_shown_has_not_changed(people, golden, area):
    folder = golden(f"texts/{area}")
    for route in routes():
        if route.area == area:
            shown = list(readings(people, route))
            if any(read[:1] not in (["404"], ["405"]) for _which, _role, read in shown):
                folder.check(route.file, written(shown))
