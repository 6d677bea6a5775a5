"""What each role may do in its own organisation, and in another one (DESIGN «Access»)."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts import permissions
from accounts.enums import Role
from accounts.models import User
from journal.permissions import require

MINE, OTHER = 1, 2

# Role: who may in their own organisation. Manages another's members: the ANS responsable alone.
IN_MINE = {
    "can_prepare": {Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE},
    "can_file": {Role.MANDATAIRE, Role.REPRESENTANT},
    "can_manage_members": {Role.MANDATAIRE, Role.RESPONSABLE},
    "can_manage_api_tokens": {Role.MANDATAIRE, Role.RESPONSABLE},
}
IN_ANOTHER = {"can_manage_members": {Role.RESPONSABLE}}
ANYWHERE = {
    "is_agent": {Role.AGENT, Role.RESPONSABLE},
    "is_responsable": {Role.RESPONSABLE},
    "is_member": set(Role),
    "can_add_client": {Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE, Role.RESPONSABLE},
}


def person(*roles):
    """Somebody with these roles, the first in the organisation MINE, the next in one of its own."""
    given = dict(zip((MINE, 3), roles, strict=False))
    user = User()
    user.roles = given
    return user


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", IN_MINE)
def test_what_a_role_may_do_in_its_organisation_and_in_another(act, role):
    allowed = getattr(permissions, act)
    assert allowed(person(role), MINE) is (role in IN_MINE[act])
    assert allowed(person(role), OTHER) is (role in IN_ANOTHER.get(act, ()))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", ANYWHERE)
def test_what_a_role_may_do_anywhere(act, role):
    assert getattr(permissions, act)(person(role)) is (role in ANYWHERE[act])


@pytest.mark.parametrize("act", [*IN_MINE, *ANYWHERE])
def test_without_a_role_nothing_is_allowed(act):
    where = (MINE,) if act in IN_MINE else ()
    assert not getattr(permissions, act)(person(), *where)


def test_the_organisations_that_somebody_prepares_for_are_those_of_an_industriel():
    assert permissions.preparable(person(Role.AGENT, Role.SALARIE)) == [3]
    assert permissions.preparable(person(Role.REPRESENTANT)) == [MINE]


def test_a_refusal_says_who_can():
    require(allowed=True, sentence="Seul un Mandataire peut faire cela.")
    with pytest.raises(PermissionDenied, match="Seul un Mandataire"):
        require(allowed=False, sentence="Seul un Mandataire peut faire cela.")
