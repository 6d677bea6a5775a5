"""django-allauth as this site sets it: by address, in French, silent on who has an account."""

from http import HTTPStatus

import pytest
from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from tests.accounts.mailbox import last, link, received
from tests.factories import UserFactory, member
from tests.pages import as_read, markup

pytestmark = pytest.mark.django_db
PASSWORD = "mot de passe de test"
NEW = "une phrase assez longue 7"
NO_MATCH = "L&#x27;adresse électronique ou le mot de passe n&#x27;est pas le bon."


def log_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


@pytest.mark.parametrize(
    "typed", ["claire@exemple.example", "Claire@EXEMPLE.example", " claire@exemple.example "]
)
def test_one_logs_in_by_address_whatever_its_case(client, typed):
    user = member(email="claire@exemple.example")
    response = log_in(client, typed)
    assert response["Location"] == reverse("landing")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_and_an_unknown_address_read_the_same(client):
    UserFactory(email="connue@exemple.example")
    known = log_in(client, "connue@exemple.example", "faux")
    unknown = log_in(client, "inconnue@exemple.example", "faux")
    for response in (known, unknown):
        assert response.status_code == 200
        assert NO_MATCH in markup(response)
    assert 'value="connue@exemple.example"' in markup(known)


def test_empty_fields_are_shown_at_their_field(client):
    page = markup(client.post(reverse("account_login"), {}))
    assert "Écrivez une adresse électronique." in page
    assert "Écrivez le mot de passe." in page


def test_logging_in_goes_back_to_where_one_wanted_to_go(client):
    member(email="claire@exemple.example")
    wanted = reverse("accounts:profile")
    assert client.get(wanted)["Location"] == f"{reverse('account_login')}?next={wanted}"
    response = client.post(
        reverse("account_login"),
        {"login": "claire@exemple.example", "password": PASSWORD, "next": wanted},
    )
    assert response["Location"] == wanted


def test_logging_in_does_not_leave_the_site(client):
    member(email="claire@exemple.example")
    response = client.post(
        reverse("account_login"),
        {
            "login": "claire@exemple.example",
            "password": PASSWORD,
            "next": "https://ailleurs.example/",
        },
    )
    assert response["Location"] == reverse("landing")


def test_a_closed_account_does_not_open(client):
    UserFactory(email="claire@exemple.example", is_active=False)
    response = log_in(client, "claire@exemple.example")
    assert response["Location"] == reverse("account_inactive")
    assert "Compte désactivé" in markup(client.get(response["Location"]))
    assert "_auth_user_id" not in client.session


def test_an_unconfirmed_address_is_confirmed_before_entering(client):
    UserFactory(email="claire@exemple.example", verified=False)
    response = log_in(client, "claire@exemple.example")
    assert response["Location"] == reverse("account_email_verification_sent")
    assert "Confirmez votre adresse" in markup(client.get(response["Location"]))
    path = link(last("claire@exemple.example"))
    assert "Confirmer l'adresse" in markup(client.get(path))
    assert client.post(path)["Location"] == reverse("account_login")
    assert log_in(client, "claire@exemple.example")["Location"] == reverse("landing")


def test_failed_attempts_are_limited(client):
    UserFactory(email="claire@exemple.example")
    for _ in range(5):
        log_in(client, "claire@exemple.example", "faux")
    page = markup(log_in(client, "claire@exemple.example"))
    assert "Trop d&#x27;essais manqués." in page


def test_logging_out_asks_first_and_is_a_post(client):
    client.force_login(member())
    assert "Se déconnecter" in markup(client.get(reverse("account_logout")))
    assert "_auth_user_id" in client.session
    assert client.post(reverse("account_logout"))["Location"] == reverse("home")
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_replaced_through_a_mail(client):
    user = UserFactory(email="claire@exemple.example")
    response = client.post(reverse("account_reset_password"), {"email": "Claire@exemple.example"})
    assert response["Location"] == reverse("account_reset_password_done")
    mail = last("claire@exemple.example")
    assert mail.subject == "Choisissez un nouveau mot de passe"
    assert mail.is_sensitive
    form = client.get(link(mail))["Location"]
    assert "Choisir un nouveau mot de passe" in markup(client.get(form))
    done = client.post(form, {"password1": NEW, "password2": NEW})
    assert done["Location"] == reverse("account_reset_password_from_key_done")
    assert "Mot de passe changé" in markup(client.get(done["Location"]))
    user.refresh_from_db()
    assert user.check_password(NEW)
    notice = last("claire@exemple.example")
    assert notice.subject == "Sécurité · Votre mot de passe a été changé"
    assert not notice.is_sensitive
    assert "127.0.0.1" in as_read(notice.body_text)
    assert "Lien périmé" in markup(client.get(link(mail), follow=True))


def test_an_unknown_address_reads_the_same_and_receives_no_mail(client):
    response = client.post(reverse("account_reset_password"), {"email": "personne@exemple.example"})
    assert response["Location"] == reverse("account_reset_password_done")
    assert "Si un compte est ouvert" in markup(client.get(response["Location"]))
    assert received("personne@exemple.example") == []


def test_mails_link_to_the_site_whatever_host_was_asked(client, settings):
    settings.SITE_URL = "https://echeances.exemple.example"
    UserFactory(email="claire@exemple.example")
    client.post(
        reverse("account_reset_password"),
        {"email": "claire@exemple.example"},
        HTTP_HOST="localhost",
    )
    mail = last("claire@exemple.example")
    assert "https://echeances.exemple.example/compte/password/reset/key/" in as_read(mail.body_text)
    assert "localhost" not in as_read(mail.body_text) + as_read(mail.body_html)


def test_resetting_is_limited(client):
    for _ in range(5):
        client.post(reverse("account_reset_password"), {"email": "claire@exemple.example"})
    response = client.post(reverse("account_reset_password"), {"email": "claire@exemple.example"})
    assert response.status_code == 429
    assert "Trop de tentatives" in markup(response)


@pytest.mark.parametrize(
    ("password1", "password2", "sentence"),
    [
        ("court", "court", "12 caractères"),
        ("123456789012", "123456789012", "entièrement numérique"),
        ("une phrase à moi seule", "autre phrase longue", "même mot de passe"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_in_french(client, password1, password2, sentence):
    client.force_login(member())
    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": password1, "password2": password2},
    )
    assert response.status_code == 200
    assert sentence in markup(response)


def test_changing_the_password_needs_the_current_one_and_sends_a_mail(client):
    user = member()
    client.force_login(user)
    url = reverse("account_change_password")
    wrong = client.post(url, {"oldpassword": "faux", "password1": NEW, "password2": NEW})
    assert "pas votre mot de passe actuel" in markup(wrong)
    right = client.post(url, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert right["Location"] == reverse("accounts:profile")
    assert last(user.email).subject == "Sécurité · Votre mot de passe a été changé"
    assert client.get(reverse("accounts:profile")).status_code == 200


def ask_for_new_address(client, address):
    """The password is asked for again, then the change goes on by itself."""
    url = reverse("account_email")
    response = client.post(url, {"action_add": "", "email": address})
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    page = markup(client.get(response["Location"]))
    assert "Confirmez votre identité" in page
    wrong = client.post(response["Location"], {"password": "faux"})
    assert "pas votre mot de passe." in markup(wrong)
    return client.post(response["Location"], {"password": PASSWORD})


def test_changing_the_address_is_confirmed_at_the_new_one_and_mailed_to_the_old_one(client):
    user = member(email="ancienne@exemple.example")
    client.force_login(user)
    ask_for_new_address(client, "Neuve@exemple.example")
    user.refresh_from_db()
    assert user.email == "ancienne@exemple.example"
    page = markup(client.get(reverse("account_email")))
    assert "neuve@exemple.example</strong> attend sa confirmation" in page
    mail = last("neuve@exemple.example")
    assert mail.is_sensitive
    assert client.post(link(mail))["Location"] == reverse("accounts:profile")
    user.refresh_from_db()
    assert user.email == "neuve@exemple.example"
    notice = last("ancienne@exemple.example")
    assert notice.subject == "Sécurité · L'adresse de votre compte a changé"
    assert "de ancienne@exemple.example à neuve@exemple.example" in as_read(notice.body_text)


def test_looking_at_a_confirmation_link_confirms_nothing(client):
    user = member(email="ancienne@exemple.example")
    client.force_login(user)
    ask_for_new_address(client, "neuve@exemple.example")
    assert client.get(link(last("neuve@exemple.example"))).status_code == 200
    user.refresh_from_db()
    assert user.email == "ancienne@exemple.example"


def test_a_change_can_be_given_up(client):
    client.force_login(member(email="ancienne@exemple.example"))
    ask_for_new_address(client, "neuve@exemple.example")
    url = reverse("account_email")
    client.post(url, {"action_remove": "", "email": "neuve@exemple.example"})
    assert "attend sa confirmation" not in markup(client.get(url))
    assert (
        last("ancienne@exemple.example").subject
        == "Sécurité · Un changement d'adresse a été abandonné"
    )


@pytest.mark.parametrize("verified", [True, False])
def test_an_address_of_somebody_else_is_not_confirmed(client, verified):
    other = UserFactory(email="prise@exemple.example", verified=verified)
    user = member(email="ancienne@exemple.example")
    client.force_login(user)
    ask_for_new_address(client, "prise@exemple.example")
    response = client.post(link(last("prise@exemple.example")), follow=True)
    assert response.status_code == 200
    user.refresh_from_db()
    assert user.email == "ancienne@exemple.example"
    assert User.objects.get(email="prise@exemple.example") == other


def test_a_false_confirmation_link_says_what_to_do(client):
    key = signing.dumps(0, salt="autre")
    page = markup(client.get(reverse("account_confirm_email", args=[key])))
    assert "Ce lien n'est plus valable" in page
    assert "Demander un nouveau lien" in page


def test_a_newcomer_reads_how_one_gets_in(client):
    page = client.get(reverse("account_signup"))
    assert page.status_code == 200
    assert "sur invitation du Mandataire de votre organisation" in markup(page)
    assert "l'ANS invite le premier Mandataire" in markup(page)


def test_nobody_signs_up_without_an_invitation(client):
    client.post(
        reverse("account_signup"),
        {"email": "x@exemple.example", "full_name": "X", "password1": NEW, "password2": NEW},
    )
    assert not User.objects.exists()
    assert not received("x@exemple.example")


@pytest.mark.parametrize(
    "name",
    ["account_email", "account_change_password", "account_reauthenticate", "accounts:profile"],
)
def test_managing_an_account_needs_to_be_logged_in(client, name):
    url = reverse(name)
    assert client.get(url)["Location"] == f"{reverse('account_login')}?next={url}"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/instruction/13/?vue=miens", "/instruction/13/%3Fvue%3Dmiens"),
        ("https://ailleurs.example/instruction/13/", "/instruction/13/prendre/"),
        ("", "/instruction/13/prendre/"),
    ],
)
def test_an_act_sent_after_the_session_has_ended_leads_back_to_its_page(client, referer, back):
    headers = {"Referer": referer} if referer else {}
    answer = client.post("/instruction/13/prendre/", headers=headers)
    assert answer["Location"] == f"{reverse('account_login')}?next={back}"
    page = markup(client.get(answer["Location"]))
    assert "rien n&#x27;a été enregistré" in page


@pytest.mark.parametrize("length", [64, 128, 1000])
def test_a_long_password_is_taken_whole(client, length):
    user = UserFactory()
    client.force_login(user)
    new = ("une phrase vraiment longue 7 " * 40)[:length].strip().ljust(length, "é")
    change = {"oldpassword": "mot de passe de test", "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), change).status_code == HTTPStatus.FOUND
    user.refresh_from_db()
    assert user.check_password(new)
    assert not user.check_password(new[:-1])


def test_a_session_takes_a_new_key_at_login(client):
    user = UserFactory()
    client.get(reverse("account_login"))
    session = client.session
    session["before"] = "visitor"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    client.post(reverse("account_login"), {"login": user.email, "password": "mot de passe de test"})
    assert client.session.session_key != session.session_key
    assert not type(session)().exists(session.session_key)


@pytest.mark.parametrize("path", ["/", "/echeances/", "/api/v1/openapi.json"])
def test_trace_is_not_answered(client, path):
    client.force_login(member())
    answer = client.trace(path, headers={"X-Secret": "secret"})
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert b"secret" not in answer.content


@pytest.mark.parametrize("role", Role.values)
def test_one_logs_out_from_any_page(client, role):
    client.force_login(member(Role(role)))
    for path in ("/calendriers/", "/compte/", "/notifications/"):
        assert reverse("account_logout") in markup(client.get(path, follow=True))
