"""The link of an invitation: every case of who opens it, and in which state it is."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Invitation, Membership, User
from accounts.services.invitations import invitation_resend, invitation_revoke, invitation_send
from tests.accounts.mailbox import last, link
from tests.by import acting
from tests.factories import OrganisationFactory, UserFactory, member
from tests.pages import markup

pytestmark = pytest.mark.django_db
ADDRESS = "nouvelle@exemple.example"
PASSWORD = "une phrase assez longue 7"
ANSWER = {"full_name": "  Nouvelle   Personne ", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Imagix Systèmes")


@pytest.fixture
def mandataire(organisation):
    return member(Role.MANDATAIRE, organisation, full_name="Claire Vasseur")


@pytest.fixture
def invitation(organisation, mandataire):
    return invitation_send(
        organisation=organisation,
        email=ADDRESS,
        role=Role.REPRESENTANT,
        by=acting(mandataire, timezone.now()),
    )


@pytest.fixture
def url(invitation):
    return link(last(ADDRESS))


def test_looking_changes_nothing(client, url, invitation):
    """A scanner that follows the link, even twice, takes nothing from the person."""
    before = Invitation.objects.values().get()
    for _ in range(2):
        response = client.get(url)
        assert response.status_code == 200
    assert Invitation.objects.values().get() == before
    assert not client.session.keys()
    assert not User.objects.filter(email=ADDRESS).exists()
    assert "Créer mon compte" in markup(response)
    assert "Claire Vasseur vous invite comme" in markup(response)


def test_a_newcomer_signs_up_and_joins(client, url, organisation):
    assert client.post(url)["Location"] == reverse("account_signup")
    form = markup(client.get(reverse("account_signup")))
    assert f'value="{ADDRESS}"' in form
    assert "disabled" in form
    response = client.post(reverse("account_signup"), ANSWER)
    assert response["Location"] == reverse("landing")
    user = User.objects.get(email=ADDRESS)
    assert user.full_name == "Nouvelle Personne"
    assert user.emailaddress_set.get().verified
    assert user.roles == {organisation.pk: Role.REPRESENTANT}
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session["organisation"] == organisation.pk
    assert Invitation.objects.get().accepted_by == user


def test_the_address_of_the_account_is_the_invitations(client, url):
    client.post(url)
    answer = {**ANSWER, "email": "autre@exemple.example"}
    client.post(f"{reverse('account_signup')}?email=autre@exemple.example", answer)
    assert User.objects.filter(email=ADDRESS).exists()
    assert not User.objects.filter(email="autre@exemple.example").exists()


def test_what_was_typed_is_kept_when_something_is_wrong(client, url):
    client.post(url)
    page = markup(client.post(reverse("account_signup"), {**ANSWER, "password2": "autre"}))
    assert "Nouvelle   Personne" in page
    assert "même mot de passe" in page
    assert not User.objects.filter(email=ADDRESS).exists()
    page = markup(client.post(reverse("account_signup"), {**ANSWER, "full_name": ""}))
    assert "Écrivez votre prénom et votre nom." in page


def test_who_has_an_account_logs_in_then_joins(client, url, organisation):
    user = UserFactory(email=ADDRESS)
    assert "Un compte existe à cette adresse" in markup(client.get(url))
    login = client.post(url)["Location"]
    assert login == f"{reverse('account_login')}?next={url.replace('/', '%2F')}"
    answer = {"login": ADDRESS, "password": "mot de passe de test", "next": url}
    assert client.post(login, answer)["Location"] == url
    assert not user.memberships.exists()
    assert client.post(url)["Location"] == reverse("landing")
    assert user.memberships.get().organisation == organisation


def test_who_is_logged_in_with_the_address_joins(client, url, organisation):
    user = UserFactory(email=ADDRESS.upper())
    client.force_login(user)
    assert "Rejoindre l'organisation" in markup(client.get(url))
    response = client.post(url, follow=True)
    assert "Vous êtes Représentant de « Imagix Systèmes »" in markup(response)
    assert client.session["organisation"] == organisation.pk


def test_who_is_logged_in_with_another_address_is_informed(client, url):
    other = member(email="autre@exemple.example")
    client.force_login(other)
    for response in (client.get(url), client.post(url)):
        page = markup(response)
        assert f"adressée à <strong>{ADDRESS}</strong>" in page
        assert "connecté avec <strong>autre@exemple.example</strong>" in page
        assert "Se déconnecter et revenir à cette page" in page
    assert other.memberships.count() == 1
    assert client.post(reverse("account_logout"), {"next": url})["Location"] == url


def test_an_unknown_link_says_what_to_do(client):
    response = client.get(reverse("accounts:invitation", args=["inconnu"]))
    assert response.status_code == 404
    assert "un courriel plus récent l&#x27;a remplacé" in markup(response)
    assert client.post(reverse("accounts:invitation", args=["inconnu"])).status_code == 404


def expired(invitation, actor):
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))


def revoked(invitation, actor):
    invitation_revoke(invitation=invitation, by=acting(actor, timezone.now()))


def accepted(invitation, actor):
    Invitation.objects.update(accepted_at=timezone.now())


def closed(invitation, actor):
    type(invitation.organisation).objects.update(is_active=False)


STATES = [
    (expired, "Cette invitation a expiré.", "Demandez à un Mandataire de « Imagix Systèmes »"),
    (revoked, "Cette invitation a été retirée.", "Demandez à un Mandataire de « Imagix Systèmes »"),
    (accepted, "Cette invitation a déjà servi", "connectez-vous"),
    (closed, "Cette invitation a été retirée.", "Demandez à un Mandataire"),
]


@pytest.fixture(params=["newcomer", "account", "logged in"])
def visitor(request, client):
    """A browser, of somebody without an account, with one, or logged in with it."""
    if request.param != "newcomer":
        user = UserFactory(email=ADDRESS)
        if request.param == "logged in":
            client.force_login(user)
    return client


@pytest.mark.parametrize(("end", "sentence", "advice"), STATES)
def test_a_dead_link_says_why_and_what_to_do(visitor, url, end, sentence, advice):
    invitation = Invitation.objects.get()
    end(invitation, invitation.invited_by)
    for response in (visitor.get(url), visitor.post(url)):
        assert response.status_code == 410
        page = markup(response)
        assert sentence in page
        assert advice in page
    assert not Membership.objects.filter(user__email=ADDRESS).exists()


@pytest.mark.parametrize("end", [expired, revoked, accepted, closed])
def test_an_invitation_that_dies_while_the_form_is_filled_opens_no_account(
    client, url, invitation, mandataire, end
):
    client.post(url)
    end(invitation, mandataire)
    response = client.post(reverse("account_signup"), ANSWER)
    assert "Entrer sur invitation" in markup(response)
    assert not User.objects.filter(email=ADDRESS).exists()


def test_sent_again_the_former_link_and_its_form_are_dead(client, url, invitation, mandataire):
    client.post(url)
    invitation_resend(invitation=invitation, by=acting(mandataire, timezone.now()))
    assert client.get(url).status_code == 404
    assert "Entrer sur invitation" in markup(client.post(reverse("account_signup"), ANSWER))
    assert client.get(link(last(ADDRESS))).status_code == 200


def test_sent_again_after_its_end_it_lives_again(client, url, invitation, mandataire):
    later = timezone.now() + dt.timedelta(days=30)
    with time_machine.travel(later, tick=False):
        assert client.get(url).status_code == 410
        invitation_resend(invitation=invitation, by=acting(mandataire, later))
        assert client.get(link(last(ADDRESS))).status_code == 200


def test_withdrawn_at_the_very_last_instant_it_opens_no_account(client, url, monkeypatch):
    """Between the check of the form and the lock: nothing is half done."""
    client.post(url)

    def withdraw_first(**kwargs):
        Invitation.objects.update(revoked_at=timezone.now())
        return accept(**kwargs)

    accept = __import__("accounts.services.invitations", fromlist=["x"]).invitation_accept
    monkeypatch.setattr("accounts.forms.login.invitation_accept", withdraw_first)
    response = client.post(reverse("account_signup"), ANSWER, follow=True)
    assert "Cette invitation a été retirée." in markup(response)
    assert not User.objects.filter(email=ADDRESS).exists()


def test_an_account_opened_meanwhile_is_shown_as_such(client, url):
    client.post(url)
    UserFactory(email=ADDRESS)
    page = markup(client.post(reverse("account_signup"), ANSWER))
    assert "Cette adresse a déjà un compte" in page
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_the_form_sent_twice_at_once_opens_one_account(client, url, monkeypatch):
    """Both requests found the address free: the database refuses the second, not with a 500."""
    client.post(url)
    UserFactory(email=ADDRESS)
    monkeypatch.setattr(
        "accounts.forms.login.SignupForm.validate_unique_email", lambda _, value: value
    )
    response = client.post(reverse("account_signup"), ANSWER, follow=True)
    assert "Cette adresse a déjà un compte" in markup(response)
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert Invitation.objects.get().accepted_at is None
