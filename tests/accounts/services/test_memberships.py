import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import Membership
from accounts.services.memberships import membership_change_role, membership_remove
from journal.models import Entry
from tests.accounts.moments import NOW
from tests.by import acting
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
LEADERS = [(False, Role.MANDATAIRE, Role.SALARIE), (True, Role.RESPONSABLE, Role.AGENT)]


@pytest.mark.parametrize(("is_ans", "leading", "other"), LEADERS)
def test_the_last_leader_keeps_the_role(is_ans, leading, other):
    host = OrganisationFactory(ans=is_ans)
    last = MembershipFactory(organisation=host, role=leading)
    MembershipFactory(organisation=host, role=other)
    with pytest.raises(
        ValidationError, match="donnez d'abord ce rôle à quelqu'un d'autre"
    ) as error:
        membership_change_role(membership=last, role=other, by=acting(last.user, NOW))
    assert list(error.value.message_dict) == ["role"]
    with pytest.raises(ValidationError, match="est le dernier"):
        membership_remove(membership=last, by=acting(last.user, NOW))
    last.refresh_from_db()
    assert last.role == leading


@pytest.mark.parametrize(("is_ans", "leading", "other"), LEADERS)
def test_one_of_two_leaders_may_go(is_ans, leading, other):
    host = OrganisationFactory(ans=is_ans)
    first, second = MembershipFactory.create_batch(2, organisation=host, role=leading)
    assert (
        membership_change_role(membership=first, role=other, by=acting(second.user, NOW)).role
        == other
    )
    with pytest.raises(ValidationError):
        membership_remove(membership=second, by=acting(second.user, NOW))


def test_a_leader_whose_account_is_closed_does_not_count():
    host = OrganisationFactory()
    last = MembershipFactory(organisation=host)
    MembershipFactory(organisation=host, user=UserFactory(is_active=False))
    with pytest.raises(ValidationError):
        membership_remove(membership=last, by=acting(last.user, NOW))


def test_leaders_of_other_organisations_do_not_count():
    last = MembershipFactory()
    MembershipFactory()
    with pytest.raises(ValidationError):
        membership_remove(membership=last, by=acting(last.user, NOW))


def test_the_second_of_two_leaders_who_leave_at_once_stays():
    """Both pages were open: what counts is read under the lock of the organisation."""
    host = OrganisationFactory()
    first, second = MembershipFactory.create_batch(2, organisation=host)
    stale = Membership.objects.get(pk=second.pk)
    membership_remove(membership=first, by=acting(first.user, NOW))
    with pytest.raises(ValidationError, match="est le dernier"):
        membership_remove(membership=stale, by=acting(stale.user, NOW))


def test_a_leader_may_take_the_same_role_again():
    last = MembershipFactory()
    changed = membership_change_role(
        membership=last, role=Role.MANDATAIRE, by=acting(last.user, NOW)
    )
    assert changed.role == Role.MANDATAIRE


def test_anybody_else_may_be_removed_and_the_history_says_by_whom():
    leader = MembershipFactory()
    other = MembershipFactory(organisation=leader.organisation, role=Role.SALARIE)
    membership_remove(membership=other, by=acting(leader.user, NOW))
    assert not Membership.objects.filter(pk=other.pk).exists()
    [removal] = Entry.objects.filter(act="membership.remove")
    assert (removal.signer.user_id, removal.after["user"]) == (leader.user.pk, other.user.pk)
    assert str(other.user) not in f"{removal.what}{removal.subject_label}"


def test_a_role_of_another_kind_is_refused():
    membership = MembershipFactory(role=Role.SALARIE)
    by = acting(membership.user, NOW)
    with pytest.raises(ValidationError, match="ne donne pas ce rôle"):
        membership_change_role(membership=membership, role=Role.AGENT, by=by)


def test_a_member_removed_meanwhile_is_shown_as_such():
    leader = MembershipFactory()
    other = MembershipFactory(organisation=leader.organisation, role=Role.SALARIE)
    stale, by = Membership.objects.get(pk=other.pk), acting(leader.user, NOW)
    membership_remove(membership=other, by=by)
    with pytest.raises(ValidationError, match="déjà été retiré"):
        membership_change_role(membership=stale, role=Role.REPRESENTANT, by=by)
