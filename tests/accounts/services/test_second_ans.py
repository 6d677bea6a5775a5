"""A second organisation of the kind ANS opens with the word of two responsables."""

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Kind, Role
from accounts.models import User
from accounts.services.organisations import organisation_create, second_ans_confirm
from journal.models import Entry
from tests.accounts.moments import NOW
from tests.by import acting
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, member
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ans():
    return OrganisationFactory(ans=True)


@pytest.fixture
def first(ans):
    return member(Role.RESPONSABLE, organisation=ans)


@pytest.fixture
def other(ans):
    return member(Role.RESPONSABLE, organisation=ans)


def second(first):
    return organisation_create(kind=Kind.ANS, name="Antenne fictive", by=acting(first, NOW))


def test_the_first_opens_at_once(ans):
    ans.delete()
    made = organisation_create(kind=Kind.ANS, name="ANS", by=acting(UserFactory(), NOW))
    assert made.is_active


def test_the_second_gives_no_right_until_it_is_confirmed(first, other):
    made = second(first)
    newcomer = MembershipFactory(organisation=made, role=Role.RESPONSABLE, user=UserFactory()).user
    assert not newcomer.is_responsable
    second_ans_confirm(organisation=made, by=acting(other, NOW))
    assert User.objects.get(pk=newcomer.pk).is_responsable


def test_whoever_recorded_it_does_not_confirm_it(first):
    made = second(first)
    with pytest.raises(ValidationError, match="un autre Responsable"):
        second_ans_confirm(organisation=made, by=acting(first, NOW))


def test_it_is_confirmed_once(first, other):
    made = second(first)
    second_ans_confirm(organisation=made, by=acting(other, NOW))
    with pytest.raises(ValidationError, match="n'attend pas"):
        second_ans_confirm(organisation=made, by=acting(other, NOW))
    assert Entry.objects.filter(act="organisation.confirm").count() == 1


@pytest.mark.parametrize("kind", [Kind.EDITEUR, Kind.DISTRIBUTEUR])
def test_another_kind_is_not_confirmed(other, kind):
    closed = OrganisationFactory(kind=kind, is_active=False)
    with pytest.raises(ValidationError, match="n'attend pas"):
        second_ans_confirm(organisation=closed, by=acting(other, NOW))


@pytest.mark.parametrize(
    ("role", "status"), [(Role.RESPONSABLE, 302), (Role.AGENT, 403), (Role.MANDATAIRE, 404)]
)
def test_a_responsable_confirms_it_on_its_page(client, first, ans, role, status):
    made = second(first)
    is_ans = role != Role.MANDATAIRE
    client.force_login(member(role, organisation=ans) if is_ans else member(role))
    response = client.post(f"/organisations/{made.pk}/confirmer/")
    assert response.status_code == status
    made.refresh_from_db()
    assert made.is_active is (status == 302)


def test_its_page_says_that_it_waits(client, first):
    made = second(first)
    client.force_login(first)
    shown = text(client.get(made.get_absolute_url()))
    assert "Cette seconde organisation de l'ANS attend sa confirmation" in shown
