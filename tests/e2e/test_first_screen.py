"""The length of the first screen, in a browser: what is urgent at once, the rest folded."""

import pytest
from django.utils import timezone

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.models import Deadline, Prestation, Supplier
from calendar_app.services.deadlines import open_deadlines
from tests.e2e.browser import NARROW, WIDE
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.long
SCREENS = ((WIDE, 2), (NARROW, 4))
ADDRESS = "/echeances/"


def heights(visitor, path=ADDRESS):
    """In screens, wide and narrow."""
    found = []
    for size, _most in SCREENS:
        visitor.page.set_viewport_size(size)
        visitor.goto(path)
        full = visitor.page.evaluate("document.documentElement.scrollHeight")
        found.append(full / size["height"])
    return found


def first_line_bottom(visitor):
    line = visitor.page.locator(".urgent-line").first
    return line.evaluate("node => node.getBoundingClientRect().bottom")


@pytest.mark.parametrize(
    "person",
    [cast.REPRESENTANT, cast.DISTRIBUTEUR, cast.AGENT, cast.RESPONSABLE],
    ids=lambda one: one.email,
)
def test_two_screens_wide_and_four_narrow(visitor, person):
    visitor.log_in_as(person.email)
    for found, (size, most) in zip(heights(visitor), SCREENS, strict=True):
        assert found <= most, size


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}])
def test_the_most_urgent_line_is_read_without_scrolling(visitor, size):
    visitor.log_in_as(cast.REPRESENTANT.email)
    visitor.page.set_viewport_size(size)
    visitor.goto(ADDRESS)
    assert first_line_bottom(visitor) <= size["height"]


def test_a_park_of_three_hundred_prestations_is_no_longer(visitor):
    user = visitor.log_in_as(cast.REPRESENTANT.email)
    park(user, 300)
    for found, (size, most) in zip(heights(visitor), SCREENS, strict=True):
        assert found <= most, size


def park(user: User, count: int) -> None:
    """More prestations of this person's organisation, with their deadlines."""
    now = timezone.now()
    own = Supplier.objects.filter(organisation__in=user.roles).select_related("solution")
    supplier = own.order_by("pk")[0]
    for _ in range(count):
        made = Prestation.objects.create(
            supplier=supplier,
            organisation=supplier.organisation,
            dispositif=supplier.solution.dispositif,
            client=OrganisationFactory(client=True),
        )
        open_deadlines(prestation=made, now=now)
    assert Deadline.objects.filter(organisation=supplier.organisation).count() > count
