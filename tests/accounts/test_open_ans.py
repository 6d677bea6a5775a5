"""The first responsable, on a machine where nobody is yet."""

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Kind, Role
from accounts.models import Membership
from journal.models import Entry
from tests.factories import UserFactory, member

pytestmark = pytest.mark.django_db


def test_it_opens_the_ans_with_its_responsable():
    user = UserFactory(email="claire@exemple.example")
    call_command("open_ans", "Claire@exemple.example")
    membership = Membership.objects.get()
    assert (membership.user, membership.role) == (user, Role.RESPONSABLE)
    assert membership.organisation.kind == Kind.ANS
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["organisation.create", "membership.join"]


def test_it_gives_nothing_once_somebody_leads_the_ans():
    member(Role.RESPONSABLE)
    UserFactory(email="paul@exemple.example")
    with pytest.raises(CommandError, match="a déjà un responsable"):
        call_command("open_ans", "paul@exemple.example")
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("is_active", [True, False])
def test_it_needs_an_open_account(is_active):
    if not is_active:
        UserFactory(email="paul@exemple.example", is_active=False)
    with pytest.raises(CommandError, match="Aucun compte actif"):
        call_command("open_ans", "paul@exemple.example")
