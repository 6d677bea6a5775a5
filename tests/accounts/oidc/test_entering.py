"""Entering by a provider: who may, what it opens, and what it leaves alone."""

import datetime as dt
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.services.invitations import invitation_revoke, invitation_send
from mailing.models import OutgoingMail
from segur.reauthentication import LOGGED_IN_AT
from tests.accounts.mailbox import last, received
from tests.accounts.oidc.conftest import configured
from tests.accounts.oidc.hostile import SECOND
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, UserFactory, member
from tests.pages import as_read, markup, text

pytestmark = pytest.mark.django_db
ADDRESS = "nouvelle@exemple.example"
PASSWORD = "mot de passe de test"


def refusal_of(answer):
    assert answer.status_code == 403
    return text(answer)


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Imagix Systèmes")


@pytest.fixture
def invitation(organisation):
    mandataire = member(Role.MANDATAIRE, organisation)
    return invitation_send(
        organisation=organisation,
        email=ADDRESS,
        role=Role.SALARIE,
        by=acting(mandataire, timezone.now()),
    )


@pytest.fixture
def known(provider):
    """A member whose identity is attached."""
    user = member(email=ADDRESS)
    SocialAccount.objects.create(user=user, provider="exemple", uid="sujet-1")
    return user


def test_without_any_invitation_nothing_is_opened(client, come_back):
    page = refusal_of(come_back())
    assert f"Aucune invitation n'attend l'adresse {ADDRESS}." in page
    assert not User.objects.exists()


def test_an_invitation_to_another_address_opens_nothing(come_back, provider, invitation):
    provider.userinfo["email"] = "autre@exemple.example"
    assert "Aucune invitation" in refusal_of(come_back())
    assert not User.objects.filter(email="autre@exemple.example").exists()


def test_an_invited_person_reads_what_they_join_then_joins(client, come_back, invitation):
    page = client.get(come_back().url)
    assert "Imagix Systèmes" in markup(page)
    assert page.context["form"].initial["full_name"] == "Nouvelle Personne"
    assert not Membership.objects.filter(user__email=ADDRESS).exists()
    answer = client.post(reverse("socialaccount_signup"), {"full_name": " Nouvelle  Personne "})
    assert answer["Location"] == reverse("landing")
    membership = Membership.objects.get(user__email=ADDRESS)
    user = membership.user
    assert (membership.organisation_id, membership.role) == (
        invitation.organisation_id,
        Role.SALARIE,
    )
    assert (user.full_name, user.has_usable_password()) == ("Nouvelle Personne", False)
    assert user.emailaddress_set.get().verified
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_address_of_the_form_is_not_believed(client, come_back, invitation):
    come_back()
    data = {"full_name": "Nouvelle", "email": "mandataire@exemple.example"}
    client.post(reverse("socialaccount_signup"), data)
    assert User.objects.filter(email=ADDRESS).exists()
    assert not User.objects.filter(email="mandataire@exemple.example").exists()


def test_every_invitation_to_the_address_is_accepted_together(client, come_back, invitation):
    other = OrganisationFactory(name="Radiolog")
    by = acting(member(Role.MANDATAIRE, other), timezone.now())
    invitation_send(organisation=other, email=ADDRESS.upper(), role=Role.REPRESENTANT, by=by)
    come_back()
    client.post(reverse("socialaccount_signup"), {"full_name": "Nouvelle Personne"})
    roles = Membership.objects.filter(user__email=ADDRESS).values_list("role", flat=True)
    assert sorted(roles) == sorted([Role.SALARIE, Role.REPRESENTANT])


def test_an_invitation_withdrawn_meanwhile_leaves_no_account(client, come_back, invitation):
    come_back()
    by = acting(invitation.invited_by, timezone.now())
    invitation_revoke(invitation=invitation, by=by)
    answer = client.post(reverse("socialaccount_signup"), {"full_name": "Nouvelle Personne"})
    assert answer.status_code == 200
    assert "invitation" in text(answer)
    assert not User.objects.filter(email=ADDRESS).exists()


def test_an_account_at_the_address_is_not_taken_over(client, come_back):
    user = member(email=ADDRESS)
    page = refusal_of(come_back())
    assert "Connectez-vous avec son mot de passe" in page
    assert not user.socialaccount_set.exists()
    assert "_auth_user_id" not in client.session


def test_an_attached_identity_logs_in_by_its_subject_whatever_its_address(
    client, come_back, known, provider
):
    provider.userinfo["email"] = "renommee@exemple.example"
    answer = come_back()
    assert answer["Location"] == reverse("landing")
    assert client.session["_auth_user_id"] == str(known.pk)
    known.refresh_from_db()
    assert known.email == ADDRESS


def test_the_same_subject_at_another_provider_is_somebody_else(come_back, known, settings):
    SocialAccount.objects.update(provider="autre")
    assert "Un compte existe déjà" in refusal_of(come_back())


def test_a_closed_account_is_not_opened(client, come_back, known):
    User.objects.filter(pk=known.pk).update(is_active=False)
    assert come_back().url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("seconds", [-55, 55])
def test_a_clock_off_by_less_than_a_minute_is_accepted(come_back, provider, known, seconds):
    now = int(time.time()) + seconds
    provider.claims.update(iat=now, exp=now if seconds < 0 else now + 60)
    assert come_back().url == reverse("landing")


def test_a_rotated_key_is_accepted_at_once(come_back, provider, known):
    assert come_back().url == reverse("landing")
    provider.key, provider.kid, provider.keys = SECOND[0], "second", [SECOND[1]]
    assert come_back().url == reverse("landing")


def test_a_signed_userinfo_is_read(client, come_back, provider, known, settings):
    settings.OIDC_APPS = [configured(provider.issuer, signed_userinfo=True)]
    assert "signature" in refusal_of(come_back())
    provider.sign_userinfo = True
    assert come_back().url == reverse("landing")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("sent", "status"), [(None, 302), (True, 302), (False, 403)])
def test_a_provider_that_vouches_may_leave_out_that_the_address_is_verified(
    come_back, provider, settings, sent, status
):
    """ProConnect sends no `email_verified`. One that is false is refused all the same."""
    settings.OIDC_APPS = [configured(provider.issuer, vouches_for_addresses=True)]
    provider.userinfo["email_verified"] = sent
    assert come_back().status_code == status


def test_what_is_asked_of_the_provider_is_ours_to_say(client, provider):
    begin = reverse("openid_connect_login", args=["exemple"])
    answer = client.post(f"{begin}?scope=admin&auth_params=prompt%3Dnone%26nonce%3Dx&process=odd")
    sent = parse_qs(urlsplit(answer.url).query)
    assert sorted(sent["scope"][0].split()) == ["email", "openid", "profile"]
    assert "prompt" not in sent
    assert len(sent["nonce"][0]) >= 32
    assert sent["code_challenge_method"] == ["S256"]
    assert sent["redirect_uri"] == ["http://testserver/compte/oidc/exemple/retour/"]


def test_the_code_is_exchanged_with_its_verifier(come_back, provider, known):
    come_back()
    path, fields = provider.asked[-1]
    assert path == "/token"
    assert len(fields["code_verifier"]) >= 43


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"state": "forged"}, "state"),
        ({"state": None}, "state"),
        ({"code": None, "error": "access_denied"}, "cancelled"),
        ({"state": None, "code": None, "error": "access_denied"}, "cancelled"),
        ({"code": None, "error": "server_error"}, "answer"),
        ({"code": None}, "answer"),
    ],
)
def test_a_return_that_was_not_asked_for_or_failed_is_a_page(come_back, known, changed, refusal):
    assert f"motif « {refusal} »" in refusal_of(come_back(**changed))


def test_a_state_serves_once(client, come_back, known):
    again = come_back().wsgi_request.get_full_path()
    client.logout()
    assert "motif « state »" in refusal_of(client.get(again))


def test_a_provider_that_is_away_is_a_page(client, settings):
    settings.OIDC_APPS = [configured("http://127.0.0.1:9")]
    page = refusal_of(client.post(reverse("openid_connect_login", args=["exemple"])))
    assert "Exemple Connect ne répond pas" in page


def test_an_unknown_provider_is_not_found(client):
    for name in ("openid_connect_login", "openid_connect_callback"):
        assert client.post(reverse(name, args=["inconnu"])).status_code == 404


def test_a_link_alone_starts_nothing(client, provider):
    """Another site can make a browser follow a link, and cannot press our button."""
    answer = client.get(reverse("openid_connect_login", args=["exemple"]))
    assert answer.url == reverse("account_login")


def test_the_buttons_are_there_only_when_configured(client, settings, provider):
    page = markup(client.get(reverse("account_login")))
    assert "Se connecter avec Exemple Connect" in page
    settings.OIDC_APPS = []
    assert "Sans mot de passe" not in markup(client.get(reverse("account_login")))


def test_the_button_leads_back_to_the_page_that_was_wanted(client, come_back, provider, known):
    wanted = reverse("accounts:profile")
    page = markup(client.get(f"{reverse('account_login')}?next={wanted}"))
    assert f"next={wanted}".replace("/", "%2F") in page


def test_one_attaches_an_identity_after_the_password_and_is_notified(client, come_back):
    user = member(email="claire@exemple.example")
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    answer = come_back(process="connect")
    assert answer.url == reverse("account_reauthenticate")
    assert not user.socialaccount_set.exists()
    client.post(answer.url, {"password": PASSWORD})
    assert user.socialaccount_set.get().uid == "sujet-1"
    assert "Identité attachée (Exemple Connect)" in [entry.what for entry in entries(user)]
    assert "Exemple Connect est attachée" in as_read(last(user.email).body_text)


def test_an_identity_of_somebody_else_is_not_attached(client, come_back, known):
    user = member(email="claire@exemple.example")
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(come_back(process="connect").url, {"password": PASSWORD})
    assert not user.socialaccount_set.exists()


@pytest.mark.parametrize("is_configured", [True, False])
def test_one_detaches_an_identity_and_is_notified(client, known, settings, is_configured):
    if not is_configured:
        settings.OIDC_APPS = []
    client.force_login(known)
    account = known.socialaccount_set.get()
    data = {"account": account.pk}
    answer = client.post(reverse("socialaccount_connections"), data)
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert known.socialaccount_set.exists()
    client.post(answer.url, {"password": PASSWORD})
    assert not known.socialaccount_set.exists()
    assert entries(known)[-1].act == "security.identity_removed"
    assert "détachée de votre compte" in as_read(last(known.email).body_text)


def test_the_last_way_in_is_not_detached(client, known):
    known.set_unusable_password()
    known.save()
    client.force_login(known)
    data = {"account": known.socialaccount_set.get().pk}
    page = client.post(reverse("socialaccount_connections"), data)
    assert "mot de passe" in text(page)
    assert known.socialaccount_set.exists()


def test_one_does_not_detach_the_identity_of_another(client, known):
    client.force_login(UserFactory())
    data = {"account": known.socialaccount_set.get().pk}
    page = client.post(reverse("socialaccount_connections"), data)
    assert "n'est plus attachée" in text(page)
    assert known.socialaccount_set.exists()


def test_logging_out_reaches_the_provider_that_opened_the_session(client, come_back, known):
    come_back()
    answer = client.post(reverse("account_logout"))
    where = urlsplit(answer.url)
    sent = {name: values[0] for name, values in parse_qs(where.query).items()}
    assert where.path == "/end"
    assert sent["post_logout_redirect_uri"].endswith(reverse("home"))
    assert sent["id_token_hint"].count(".") == 2
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("end", [None, "javascript:alert(1)", "http://ailleurs.example/end", 5])
def test_without_a_safe_address_of_logout_the_session_ends_at_home(
    client, come_back, known, provider, end
):
    provider.config["end_session_endpoint"] = end
    come_back()
    assert client.post(reverse("account_logout")).url == reverse("home")


def test_logging_out_of_a_session_by_password_stays_on_the_site(client, known):
    client.post(reverse("account_login"), {"login": known.email, "password": PASSWORD})
    assert client.post(reverse("account_logout")).url == reverse("home")


def test_no_token_of_the_provider_is_kept_in_a_table_of_accounts(come_back, known):
    come_back()
    account = known.socialaccount_set.get()
    assert account.extra_data == {"email": ADDRESS, "name": "Nouvelle Personne"}


REQUEST = reverse_lazy("accounts:access_request")


def test_a_stranger_asks_those_who_lead_the_organisation_for_an_invitation(client, come_back):
    organisation = OrganisationFactory(name="Imagix Systèmes")
    leader = member(Role.MANDATAIRE, organisation)
    other = member(Role.SALARIE, organisation)
    assert f'href="{REQUEST}"' in markup(come_back())
    answer = client.post(REQUEST, {"siren": organisation.siren, "message": "Cheffe de projet"})
    assert answer.url == reverse("account_login")
    body = as_read(last(leader.email).body_text)
    assert f"Nouvelle Personne ({ADDRESS}) demande à rejoindre « Imagix Systèmes »" in body
    assert "Cheffe de projet" in body
    assert not received(other.email)
    assert not User.objects.filter(email=ADDRESS).exists()
    assert [entry.act for entry in entries(organisation)] == ["access.request"]


def test_an_unknown_organisation_answers_the_same_and_nobody_is_written_to(client, come_back):
    come_back()
    answer = client.post(REQUEST, {"siren": "552100554"}, follow=True)
    assert "Si une organisation de ce SIREN est inscrite" in text(answer)
    assert not OutgoingMail.objects.exists()


def test_one_identity_asks_once(client, come_back):
    come_back()
    client.post(REQUEST, {"siren": "552100554"})
    assert client.post(REQUEST, {"siren": "552100554"}).url == reverse("account_login")


def test_nobody_asks_without_an_identity(client):
    assert client.get(REQUEST).url == reverse("account_login")


def test_a_wrong_siren_is_shown_and_the_message_kept(client, come_back):
    come_back()
    page = client.post(REQUEST, {"siren": "123", "message": "Cheffe de projet"})
    assert page.status_code == 422
    assert "Cheffe de projet" in markup(page)


@pytest.fixture
def without_password(known):
    known.set_unusable_password()
    known.save()
    return known


def later(client, minutes=16):
    """The login of this session was that long ago."""
    session = client.session
    session[LOGGED_IN_AT] = (timezone.now() - dt.timedelta(minutes=minutes)).isoformat()
    session.save()


SENSITIVE = reverse_lazy("accounts:api_tokens")


def test_a_person_without_password_proves_it_again_at_the_provider(
    client, come_back, without_password, provider
):
    come_back()
    assert client.get(SENSITIVE).status_code == 200
    later(client)
    asked = client.get(SENSITIVE, follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("identity_confirm"))
    assert "Continuer avec Exemple Connect" in text(asked)
    answer = come_back(process="confirm", next=str(SENSITIVE))
    assert answer.url == SENSITIVE
    assert client.get(SENSITIVE).status_code == 200


def test_the_provider_is_asked_for_a_new_proof(client, provider, known):
    begin = reverse("openid_connect_login", args=["exemple"])
    asked = client.post(f"{begin}?process=confirm")
    sent = parse_qs(urlsplit(asked.url).query)
    assert (sent["prompt"], sent["max_age"]) == (["login"], ["0"])


@pytest.mark.parametrize(
    "lie", [{"sub": "sujet-2"}, {"auth_time": 1_000_000_000}, {"auth_time": None}], ids=str
)
def test_another_identity_or_an_old_proof_confirms_nothing(
    client, come_back, without_password, provider, lie
):
    come_back()
    later(client)
    provider.claims.update(lie)
    if "sub" in lie:
        provider.userinfo.update(lie)
    assert come_back(process="confirm", next=str(SENSITIVE)).status_code == 403
    assert client.get(SENSITIVE).status_code == 302


def test_a_confirmation_opens_no_session(client, come_back, known):
    assert "motif « other_person »" in refusal_of(come_back(process="confirm"))
    assert "_auth_user_id" not in client.session


class TestAnOldSessionOfAPersonWithoutPassword:
    """allauth asks such a person for no proof: it knows no way to give one."""

    @pytest.fixture(autouse=True)
    def old_session(self, client, come_back, without_password):
        come_back()
        later(client)

    def test_changes_no_address(self, client, come_back):
        change = {"email": "voleur@exemple.example", "action_add": ""}
        asked = client.post(reverse("account_email"), change)
        assert asked.url.startswith(reverse("identity_confirm"))
        assert not EmailAddress.objects.filter(email="voleur@exemple.example").exists()
        come_back(process="confirm", next=reverse("account_email"))
        client.post(reverse("account_email"), change)
        assert EmailAddress.objects.filter(email="voleur@exemple.example").exists()

    def test_attaches_no_identity(self, client, come_back, provider, without_password):
        provider.claims["sub"] = provider.userinfo["sub"] = "sujet-2"
        asked = come_back(process="connect")
        assert asked.url.startswith(reverse("account_reauthenticate"))
        assert list(without_password.socialaccount_set.values_list("uid", flat=True)) == ["sujet-1"]

    def test_chooses_no_password(self, client, without_password):
        new = "une phrase de plusieurs mots"
        asked = client.post(reverse("account_set_password"), {"password1": new, "password2": new})
        assert asked.url.startswith(reverse("account_reauthenticate"))
        without_password.refresh_from_db()
        assert not without_password.has_usable_password()
