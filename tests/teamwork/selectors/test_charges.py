import pytest

from accounts.enums import Role
from calendar_app.models import Deadline
from teamwork.selectors.charges import (
    every_kind,
    in_charge,
    kind_named,
    kind_of,
    may_take,
    people_in_charge,
)
from teamwork.services.charges import hand_over
from tests.by import acting
from tests.factories import member
from tests.teamwork.cases import NOW, deadlines, team

pytestmark = pytest.mark.usefixtures("calendars")


def test_the_kinds_are_those_of_three_apps():
    charged = {kind.slug: kind.takes_charge for kind in every_kind()}
    assert charged == {"echeance": True, "pv": True, "ticket": True, "panne": False}
    assert kind_of(Deadline) is kind_named("echeance")
    assert kind_named("autre") is None


def test_many_rows_cost_one_query(django_assert_num_queries):
    organisation, (chief, person, _) = team()
    rows = deadlines(organisation, 5)
    hand_over(rows[:3], person, acting(chief, NOW))
    with django_assert_num_queries(1):
        found = in_charge(Deadline, [row.pk for row in rows])
    assert found == {row.pk: person for row in rows[:3]}


def test_a_name_is_for_readers_of_the_same_organisation():
    organisation, (chief, person, _) = team()
    (row,) = deadlines(organisation)
    hand_over([row], person, acting(chief, NOW))
    own = {row.pk: organisation.pk}
    assert people_in_charge(Deadline, own, chief) == {row.pk: person}
    for reader in (None, member(Role.AGENT), member(Role.MANDATAIRE)):
        assert people_in_charge(Deadline, own, reader) == {}


def test_those_who_prepare_can_be_in_charge():
    organisation, people = team()
    salarie = member(Role.SALARIE, organisation)
    assert may_take(organisation.pk) == [*people, salarie]
