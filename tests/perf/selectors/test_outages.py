"""Where the number of an outage leads, whatever was brought together and separated since."""

import pytest

from perf.enums import Source
from perf.models import Outage
from perf.selectors.outages import leads_to
from perf.services.merging import merge, separate
from tests.by import acting
from tests.factories import UserFactory
from tests.perf.outages.cases import HOUR, MONDAY, NOW, agent, distributed, outage_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
OTHERS = (Source.SUPPLIER, Source.CLIENT)


@pytest.fixture
def service():
    return distributed()


@pytest.fixture
def judge():
    return agent()


@pytest.fixture
def three(service):
    """The outage of the ANS, then one of each other source, at the same time."""
    return [
        outage_of(service),
        *(
            outage_of(service, source=source, reference=f"{source}-1", start=MONDAY + HOUR / 2)
            for source in OTHERS
        ),
    ]


def test_merged_it_leads_to_the_outage_that_was_kept(three, judge):
    ours, theirs, third = three
    kept = merge(ours, theirs, by=acting(judge, NOW))
    assert leads_to(theirs.pk, judge) == kept.pk
    assert leads_to(third.pk, judge) is None
    again = merge(third, kept, by=acting(judge, NOW))
    assert leads_to(theirs.pk, judge) == leads_to(ours.pk, judge) == again.pk


def test_separated_it_leads_to_its_own_again(three, judge):
    ours, theirs, third = three
    version = theirs.counting
    merge(ours, theirs, by=acting(judge, NOW))
    merge(ours, third, by=acting(judge, NOW))
    version.refresh_from_db()
    new = separate(version, by=acting(judge, NOW))
    assert leads_to(theirs.pk, judge) == new.pk
    assert leads_to(third.pk, judge) == ours.pk
    merge(Outage.objects.get(pk=ours.pk), new, by=acting(judge, NOW))
    assert leads_to(theirs.pk, judge) == leads_to(new.pk, judge) == ours.pk


def test_to_an_outsider_it_leads_nowhere(three, judge):
    ours, theirs, _third = three
    merge(ours, theirs, by=acting(judge, NOW))
    assert leads_to(theirs.pk, UserFactory()) is None
