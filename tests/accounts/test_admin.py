"""Django's admin shows no secret of the accounts."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.services.invitations import invitation_send
from tests.by import acting
from tests.factories import UserFactory, member
from tests.pages import markup

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def page_of(staff, row):
    return markup(
        staff.get(reverse(f"admin:accounts_{row._meta.model_name}_change", args=[row.pk]))
    )


def test_the_digests_of_tokens_and_passwords_stay_out(staff):
    mandataire = member(Role.MANDATAIRE)
    invitation = invitation_send(
        organisation=mandataire.memberships.get().organisation,
        email="nouvelle@exemple.example",
        role=Role.SALARIE,
        by=acting(mandataire, timezone.now()),
    )
    assert "nouvelle@exemple.example" in page_of(staff, invitation)
    assert invitation.token_sha256 not in page_of(staff, invitation)
    assert mandataire.email in page_of(staff, mandataire)
    assert mandataire.password not in page_of(staff, mandataire)
