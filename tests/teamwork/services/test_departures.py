"""What somebody was in charge of, when they leave."""

import pytest

from accounts.models import Membership
from accounts.services.departures import hand_over_all, held_by
from calendar_app.enums import State
from teamwork.models import Absence, Charge
from teamwork.services.charges import hand_over
from tests.by import acting
from tests.teamwork.cases import DAY, NOW, TODAY, deadlines, team, ticket

pytestmark = pytest.mark.usefixtures("calendars")


@pytest.fixture
def leaving():
    """Who leaves with two deadlines (one done) and a ticket; a colleague."""
    organisation, (person, colleague, _) = team()
    rows = deadlines(organisation, 2)
    hand_over(rows, person, acting(person, NOW))
    hand_over([ticket(organisation, person)], person, acting(person, NOW))
    type(rows[0]).objects.filter(pk=rows[0].pk).update(state=State.ACCEPTED)
    return Membership.objects.get(user=person), colleague


def test_what_is_left_to_do_is_shown_by_kind(leaving):
    membership, _ = leaving
    words = [held.words for held in held_by(membership, now=NOW)]
    assert words == ["1 échéance en charge", "1 ticket en charge"]


def test_it_goes_to_who_takes_over(leaving):
    membership, colleague = leaving
    hand_over_all(membership, successor=colleague, by=acting(colleague, NOW))
    assert {charge.person for charge in Charge.objects.all()} == {colleague}


def test_without_successor_it_is_nobody_s(leaving):
    membership, colleague = leaving
    hand_over_all(membership, successor=None, by=acting(colleague, NOW))
    assert not Charge.objects.exists()


def test_nobody_stands_in_for_or_by_who_has_left(leaving):
    membership, colleague = leaving
    Absence.objects.create(user=membership.user, stand_in=colleague, until=TODAY + DAY)
    Absence.objects.create(user=colleague, stand_in=membership.user, until=TODAY + DAY)
    hand_over_all(membership, successor=colleague, by=acting(colleague, NOW))
    assert not Absence.objects.exists()
