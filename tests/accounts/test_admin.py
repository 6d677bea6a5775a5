"""Django's admin: for the technical staff, by the site's own login."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Invitation, Organisation, User
from accounts.services.invitations import invitation_send
from tests.by import acting
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, member
from tests.pages import markup

pytestmark = pytest.mark.django_db
INDEX = "/administration/"


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_one_enters_by_the_login_of_the_site(client):
    for address in (INDEX, f"{reverse('admin:login')}?next={INDEX}"):
        answer = client.get(address, follow=True)
        assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
        assert answer.context["redirect_field_value"] == INDEX
    user = UserFactory()
    data = {"username": user.email, "password": "mot de passe de test"}
    assert client.post(reverse("admin:login"), data)["Location"].startswith(
        reverse("account_login")
    )
    assert "_auth_user_id" not in client.session


def test_who_may_change_people_does_not_give_rights(client):
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    client.force_login(clerk)
    url = reverse("admin:accounts_user_change", args=[clerk.pk])
    rights = {"is_superuser": "on", "user_permissions": Permission.objects.values_list("pk")[:1]}
    data = {"full_name": "Nouveau Nom", "is_active": "on", "is_staff": "on"}
    assert client.post(url, {**data, **rights}).status_code == 302
    after = User.objects.get(pk=clerk.pk)
    assert (after.full_name, after.is_staff, after.is_superuser) == ("Nouveau Nom", True, False)
    assert after.user_permissions.count() == 4


@pytest.mark.parametrize("role", [Role.RESPONSABLE, Role.MANDATAIRE])
def test_a_role_does_not_open_it(client, role):
    client.force_login(member(role))
    assert client.get(INDEX, follow=True).status_code == 403


@pytest.mark.parametrize("model", ["user", "organisation", "membership", "invitation"])
def test_every_list_and_page_opens(staff, model):
    mandataire = member(Role.MANDATAIRE)
    membership = mandataire.memberships.get()
    invitation = invitation_send(
        organisation=membership.organisation,
        email="nouvelle@exemple.example",
        role=Role.SALARIE,
        by=acting(mandataire, timezone.now()),
    )
    rows = {
        "user": mandataire,
        "organisation": membership.organisation,
        "membership": membership,
        "invitation": invitation,
    }
    assert staff.get(reverse(f"admin:accounts_{model}_changelist"), {"q": "a"}).status_code == 200
    page = staff.get(reverse(f"admin:accounts_{model}_change", args=[rows[model].pk]))
    assert page.status_code == 200
    assert Invitation.objects.get().token_sha256 not in markup(page)


def test_people_are_neither_added_nor_deleted_there(staff):
    user = UserFactory()
    assert staff.get(reverse("admin:accounts_user_add")).status_code == 403
    assert staff.get(reverse("admin:accounts_user_delete", args=[user.pk])).status_code == 403
    assert staff.get(reverse("admin:accounts_invitation_add")).status_code == 403


def test_the_address_of_a_person_is_not_changed_there(staff):
    user = UserFactory(email="claire@exemple.example")
    url = reverse("admin:accounts_user_change", args=[user.pk])
    staff.post(url, {"full_name": "Claire Autre", "email": "x@exemple.example", "is_active": "on"})
    user.refresh_from_db()
    assert (user.full_name, user.email) == ("Claire Autre", "claire@exemple.example")


def test_numbers_are_compacted_there_too(staff):
    url = reverse("admin:accounts_organisation_add")
    staff.post(
        url, {"kind": "EDITEUR", "name": "Imagix", "siren": "900 000 001", "is_active": "on"}
    )
    assert Organisation.objects.get().siren == "900000001"
    page = markup(staff.post(url, {"kind": "EDITEUR", "name": "Autre", "is_active": "on"}))
    assert "identifié par son numéro SIREN" in page


def test_the_last_leader_stays_there_too(staff):
    membership = MembershipFactory(organisation=OrganisationFactory())
    url = reverse("admin:accounts_membership_change", args=[membership.pk])
    page = markup(staff.post(url, {"role": "SALARIE"}))
    assert "dernière personne qui gère" in page
    url = reverse("admin:accounts_membership_delete", args=[membership.pk])
    assert staff.get(url).status_code == 403
    other = MembershipFactory(organisation=membership.organisation, role=Role.SALARIE)
    url = reverse("admin:accounts_membership_delete", args=[other.pk])
    assert staff.post(url, {"post": "yes"}).status_code == 302
    assert membership.organisation.memberships.count() == 1
