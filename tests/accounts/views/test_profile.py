import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role, Theme
from accounts.services.invitations import invitation_send
from tests.by import acting
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, member
from tests.pages import markup

pytestmark = pytest.mark.django_db


def test_one_changes_ones_name_and_appearance(client):
    user = member()
    client.force_login(user)
    url = reverse("accounts:profile")
    assert (
        client.post(url, {"full_name": " Claire  Vasseur ", "theme": "sombre"})["Location"] == url
    )
    user.refresh_from_db()
    assert (user.full_name, user.theme) == ("Claire Vasseur", Theme.DARK)
    page = markup(client.get(url))
    assert 'data-theme="sombre"' in page
    assert reverse("account_email") in page
    assert reverse("account_change_password") in page


def test_a_profile_error_is_at_its_field_and_loses_nothing(client):
    client.force_login(member())
    page = markup(client.post(reverse("accounts:profile"), {"full_name": " ", "theme": "sombre"}))
    assert "Écrivez votre prénom et votre nom." in page
    assert re.search(r'value="sombre"[^>]*checked', page)


def test_the_active_organisation_is_the_one_last_chosen(client):
    user = UserFactory()
    first, second = (
        MembershipFactory(user=user, organisation=OrganisationFactory(name=name)).organisation
        for name in ("Alpha", "Bêta")
    )
    client.force_login(user)
    url = reverse("accounts:organisation")
    assert "<h1>Alpha</h1>" in markup(client.get(url))
    response = client.post(
        reverse("accounts:switch"), {"organisation": second.pk, "next": "/clients/?q=a"}
    )
    assert response["Location"] == "/clients/?q=a"
    assert "<h1>Bêta</h1>" in markup(client.get(url))
    user.memberships.get(organisation=second).delete()
    assert "<h1>Alpha</h1>" in markup(client.get(url))
    assert first.pk


@pytest.mark.parametrize(
    "chosen",
    ["other", "client", "closed", "", "abc", "99999999", pytest.param("9" * 5000, id="huge")],
)
def test_one_switches_to_ones_own_organisations_only(client, chosen):
    user = member()
    pks = {
        "other": OrganisationFactory().pk,
        "client": OrganisationFactory(client=True).pk,
        "closed": MembershipFactory(
            user=user, organisation=OrganisationFactory(is_active=False)
        ).organisation_id,
    }
    client.force_login(user)
    response = client.post(reverse("accounts:switch"), {"organisation": pks.get(chosen, chosen)})
    assert response.status_code == 404
    assert "organisation" not in client.session


def test_an_ans_agent_does_not_switch_to_what_they_see(client):
    client.force_login(member(Role.RESPONSABLE))
    other = OrganisationFactory()
    assert client.post(reverse("accounts:switch"), {"organisation": other.pk}).status_code == 404


@pytest.mark.parametrize(
    "next_url", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)", ""]
)
def test_one_never_leaves_the_site(client, next_url):
    user = member()
    client.force_login(user)
    pk = user.memberships.get().organisation_id
    answer = client.post(reverse("accounts:switch"), {"organisation": pk, "next": next_url})
    assert answer["Location"] == reverse("landing")
    answer = client.post(reverse("accounts:theme"), {"theme": "clair", "next": next_url})
    assert answer["Location"] == reverse("home")


def test_switching_and_theme_are_posts(client):
    client.force_login(member())
    assert client.get(reverse("accounts:switch")).status_code == 405
    assert client.get(reverse("accounts:theme")).status_code == 405


def test_switching_needs_to_be_logged_in(client):
    assert client.post(reverse("accounts:switch"), {"organisation": 1})["Location"].startswith(
        reverse("account_login")
    )


def test_appearance_is_kept_with_the_person(client):
    user = member()
    client.force_login(user)
    response = client.post(reverse("accounts:theme"), {"theme": "sombre", "next": "/profil/"})
    assert response["Location"] == "/profil/"
    user.refresh_from_db()
    assert user.theme == Theme.DARK
    assert "theme" not in response.cookies


def test_appearance_of_a_visitor_is_kept_in_a_cookie(client):
    client.post(reverse("accounts:theme"), {"theme": "sombre"})
    assert client.cookies["theme"].value == "sombre"
    assert 'data-theme="sombre"' in markup(client.get(reverse("account_login")))


@pytest.mark.parametrize("value", ["fluo", "", "<script>"])
def test_an_unknown_appearance_changes_nothing(client, value):
    client.post(reverse("accounts:theme"), {"theme": value})
    assert "theme" not in client.cookies
    client.cookies["theme"] = "fluo"
    assert 'data-theme="auto"' in markup(client.get(reverse("account_login")))


def test_without_organisation_one_reads_how_to_join(client):
    user = UserFactory(email="seule@exemple.example")
    client.force_login(user)
    assert client.get(reverse("accounts:organisation"))["Location"] == reverse("accounts:none")
    page = markup(client.get(reverse("accounts:none")))
    assert "Demandez une invitation à l'adresse <strong>seule@exemple.example</strong>" in page
    mandataire = member(Role.MANDATAIRE)
    host = mandataire.memberships.get().organisation
    invitation_send(
        organisation=host,
        email=user.email,
        role=Role.SALARIE,
        by=acting(mandataire, timezone.now()),
    )
    assert f"« {host} » vous a invité" in markup(client.get(reverse("accounts:none")))


def test_the_technical_staff_is_led_to_the_administration(client):
    client.force_login(UserFactory(is_staff=True))
    page = markup(client.get(reverse("accounts:none")))
    assert page.count(f'href="{reverse("admin:index")}"') == 2
    assert "Demandez une invitation" not in page


def test_with_an_organisation_that_page_leads_on(client):
    client.force_login(member())
    assert client.get(reverse("accounts:none"))["Location"] == reverse("landing")
