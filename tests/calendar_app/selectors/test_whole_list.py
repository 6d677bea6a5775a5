"""All deadlines of the site page by page: the same list as one that is sorted whole."""

import pytest
from django.core.paginator import Paginator
from django.utils import timezone

from calendar_app.forms.deadlines import VIEWS
from calendar_app.models import Deadline
from calendar_app.selectors.deadline_lists import in_list_order
from calendar_app.selectors.whole_list import WholeList

pytestmark = pytest.mark.usefixtures("demo")


@pytest.mark.parametrize("view", ["a-faire", "deposees", "closes", "toutes"])
@pytest.mark.parametrize("per_page", [7, 50])
def test_its_pages_are_those_of_the_sorted_list(view, per_page):
    states = VIEWS[view][1]
    rows = Deadline.objects.filter(state__in=states)
    ordered = in_list_order(rows, filed=view == "deposees")
    keys = list(ordered.values_list("pk", flat=True))

    pages = Paginator(WholeList(ordered, states, timezone.now()), per_page)

    assert pages.count == len(keys)
    for number in pages.page_range:
        first = (number - 1) * per_page
        assert list(pages.page(number)) == keys[first : first + per_page]


def test_a_far_page_leaves_the_other_milestones_alone(django_assert_num_queries):
    ordered = in_list_order(Deadline.objects.all())
    whole = WholeList(ordered, tuple(VIEWS["toutes"][1]), timezone.now())
    with django_assert_num_queries(1) as found:
        assert len(whole[len(whole) - 5 :]) == 5
    assert '"milestone_id" IN' not in found.captured_queries[0]["sql"]


def test_a_single_place_is_a_key():
    ordered = in_list_order(Deadline.objects.all())
    whole = WholeList(ordered, VIEWS["toutes"][1], timezone.now())
    assert whole[0] == ordered[0].pk
