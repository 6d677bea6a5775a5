import pytest

from accounts.enums import Role
from accounts.models import User
from tests.factories import MembershipFactory, OrganisationFactory, member


@pytest.fixture
def somebody(db):
    """Of three organisations, one of which has closed."""
    person = member(organisation=OrganisationFactory(name="Zéphyr"))
    for name, is_active in (("Alizé", True), ("Mistral", False)):
        organisation = OrganisationFactory(name=name, is_active=is_active)
        MembershipFactory(user=person, organisation=organisation, role=Role.SALARIE)
    return User.objects.get(pk=person.pk)


def test_open_organisations_by_name_and_their_roles_take_one_query(
    somebody, django_assert_num_queries
):
    with django_assert_num_queries(1):
        alize, zephyr = somebody.organisations
        assert somebody.roles == {alize.pk: Role.SALARIE, zephyr.pk: Role.MANDATAIRE}
    assert [alize.name, zephyr.name] == ["Alizé", "Zéphyr"]


def test_who_has_the_role_of_a_key_alone_has_its_organisation(somebody):
    zephyr = somebody.memberships.get(organisation__name="Zéphyr").organisation
    somebody.roles = {zephyr.pk: Role.MANDATAIRE}
    assert somebody.organisations == [zephyr]
    assert somebody.roles == {zephyr.pk: Role.MANDATAIRE}
