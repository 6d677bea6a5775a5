"""Every page, as each role: axe finds nothing, wide and narrow, in light and in dark once."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from calendar_app.demo import cast
from calendar_app.enums import State
from calendar_app.models import Deadline
from tests.addresses import addresses

pytestmark = pytest.mark.long

REDIRECTS = {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.MOVED_PERMANENTLY}
SECOND_LOOKS = {cast.DISTRIBUTEUR, cast.TWO_HATS, cast.AGENT}
"""Those who see the pages of another walker, with other acts: looked at wide and in light only."""

ENDS_THE_SESSION = "account_logout"
"""It has a test of its own."""


def pages(visitor, user):
    """What this person can open, each deadline state among it, and one refusal of each kind."""
    refusals = {HTTPStatus.METHOD_NOT_ALLOWED}  # an address that only takes a form has no page
    for url in candidates(user):
        answer = visitor.client.get(url)
        answer.close()
        status = answer.status_code
        is_page = status in REDIRECTS or answer.headers["Content-Type"].startswith("text/html")
        if status not in refusals and is_page:
            yield url
        if status >= HTTPStatus.BAD_REQUEST:
            refusals.add(status)


def candidates(user):
    for address in addresses():
        if address.name != ENDS_THE_SESSION and not address.is_keyed:
            yield from address.urls(1, seen_by=user)
    for state in State if user else ():
        deadline = Deadline.objects.visible_to(user).filter(state=state).last()
        if deadline:
            yield reverse("deadlines:detail", args=[deadline.pk])


@pytest.mark.parametrize(
    "person",
    [None, cast.REPRESENTANT, cast.DISTRIBUTEUR, cast.TWO_HATS, cast.AGENT, cast.RESPONSABLE],
    ids=lambda person: person.email if person else "anonymous",
)
def test_every_page_is_accessible(visitor, person):
    user = visitor.log_in_as(person.email) if person else None
    wide_only = person in SECOND_LOOKS
    seen, problems = set(), []
    for url in pages(visitor, user):
        visitor.goto(url)
        if visitor.page.url not in seen:
            seen.add(visitor.page.url)
            problems += [
                f"{url} {problem}"
                for problem in visitor.accessibility_problems(wide_only=wide_only)
            ]
    assert not problems
    assert len(seen) > 10
