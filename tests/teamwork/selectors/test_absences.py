import pytest

from teamwork.models import Absence
from teamwork.selectors.absences import absence_of, covered_by, may_stand_in, stand_ins
from tests.teamwork.cases import DAY, NOW, TODAY, team

pytestmark = pytest.mark.django_db


def test_stand_ins_of_many_cost_two_queries(django_assert_num_queries):
    _, (first, second, third) = team()
    Absence.objects.create(user=first, stand_in=third, until=TODAY)
    Absence.objects.create(user=second, stand_in=third, until=TODAY)
    with django_assert_num_queries(2):
        assert stand_ins([first, second], NOW) == [third]


@pytest.mark.parametrize(("days", "covers"), [(-1, False), (0, True), (1, True)])
def test_an_absence_covers_its_last_day(days, covers):
    _, (person, colleague, _) = team()
    Absence.objects.create(user=person, stand_in=colleague, until=TODAY + days * DAY)
    assert covered_by(colleague, NOW) == ({colleague.pk, person.pk} if covers else {colleague.pk})
    assert bool(absence_of(person, NOW)) is covers


def test_a_person_of_no_organisation_has_no_stand_in():
    _, (person, *_) = team()
    person.memberships.all().delete()
    assert not may_stand_in(type(person).objects.get(pk=person.pk)).exists()
