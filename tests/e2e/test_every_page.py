"""Every page, as each role: axe finds nothing, wide and narrow, in light and in dark."""

from http import HTTPStatus

import pytest

from calendar_app.demo import cast
from tests.addresses import addresses

pytestmark = pytest.mark.e2e

NOT_PAGES = {
    "calendars:feed",
    "calendars:private_feed",
    "deadlines:proof",
    "deadlines:receipt_json",
    "liveness",
    "readiness",
    "account_logout",
}
"""Files, and the page that has a test of its own because it ends the session."""
OBJECTS_PER_ADDRESS = 2


def pages(visitor):
    """What a browser can open: an address that only takes a form has no page."""
    for address in addresses():
        if address.name in NOT_PAGES:
            continue
        for url in address.urls(OBJECTS_PER_ADDRESS):
            if visitor.client.get(url).status_code != HTTPStatus.METHOD_NOT_ALLOWED:
                yield url


@pytest.mark.parametrize(
    "person",
    [None, cast.REPRESENTANT, cast.DISTRIBUTEUR, cast.TWO_HATS, cast.AGENT, cast.RESPONSABLE],
    ids=lambda person: person.email if person else "anonymous",
)
def test_every_page_is_accessible(visitor, person):
    if person:
        visitor.log_in_as(person.email)
    seen, problems = set(), []
    for url in pages(visitor):
        visitor.goto(url)
        if visitor.page.url in seen:
            continue
        seen.add(visitor.page.url)
        problems += [f"{url} {problem}" for problem in visitor.accessibility_problems()]
    assert not problems
    assert len(seen) > 10
