"""The second factor: activated on the site, asked for at login, required by parameters."""

import re
from http import HTTPStatus

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.rules.parameters import (
    SECOND_FACTOR_ANS,
    SECOND_FACTOR_MANDATAIRE,
    SECOND_FACTOR_STAFF,
)
from accounts.views.second_factor import has_domain
from parameters.models import RegulatoryParameter
from tests.accounts.mailbox import last, link
from tests.accounts.moments import later
from tests.accounts.second_factors import code, with_application, with_recovery_codes
from tests.factories import UserFactory, member
from tests.pages import as_read, markup, text

pytestmark = pytest.mark.django_db
PASSWORD = "mot de passe de test"
ACTIVATION = "/compte/double-authentification/"


def log_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def answer(client, typed):
    return client.post(reverse("mfa_authenticate"), {"code": typed})


def is_in(client):
    return "_auth_user_id" in client.session


def require(*keys):
    for key in keys:
        RegulatoryParameter.objects.create(
            key=key, value=True, effective_from=timezone.now(), source="Essai"
        )


def test_activating_an_application_takes_its_code_and_gives_ten_recovery_codes_once(
    client, django_capture_on_commit_callbacks
):
    user = member()
    client.force_login(user)
    url = reverse("mfa_activate_totp")
    (words,) = re.findall(r"Secret : <code[^>]*>([A-Z2-7 ]+)<", markup(client.get(url)))
    secret = words.replace(" ", "")
    wrong = client.post(url, {"code": "000000"})
    assert "Ce code n'est pas le bon" in text(wrong)
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(url, {"code": code(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    shown = text(client.get(reverse("mfa_view_recovery_codes")))
    assert len(re.findall(r"\b\d{8}\b", shown)) == 10
    again = text(client.get(reverse("mfa_view_recovery_codes")))
    assert not re.findall(r"\b\d{8}\b", again)
    assert last(user.email).subject == "Sécurité · Application d'authentification activée"
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_login_asks_for_the_code_of_now_or_of_a_step_beside(client, steps):
    user = member()
    secret = with_application(user)
    assert log_in(client, user)["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    answer(client, code(secret, steps=steps))
    client.post(reverse("mfa_trust"), {"action": "skip"})
    assert is_in(client)


@pytest.mark.parametrize("steps", [-2, 2])
def test_an_older_or_later_code_is_refused(client, steps):
    user = member()
    secret = with_application(user)
    log_in(client, user)
    assert "Ce code n'est pas le bon" in text(answer(client, code(secret, steps=steps)))
    assert not is_in(client)


def test_a_code_serves_once_as_long_as_the_clock_accepts_it(client):
    user = member()
    secret = with_application(user)
    with later(minutes=1):
        ahead = code(secret, steps=1)
        log_in(client, user)
        answer(client, ahead)
        client.post(reverse("mfa_trust"), {"action": "skip"})
        client.post(reverse("account_logout"))
    with later(minutes=1, seconds=45):
        log_in(client, user)
        assert "a déjà servi" in text(answer(client, ahead))
    assert not is_in(client)


def test_a_recovery_code_replaces_the_application_once(client):
    user = member()
    with_application(user)
    spare = with_recovery_codes(user)[0]
    log_in(client, user)
    answer(client, spare)
    client.post(reverse("mfa_trust"), {"action": "skip"})
    assert is_in(client)
    client.post(reverse("account_logout"))
    log_in(client, user)
    assert "Ce code n'est pas le bon" in text(answer(client, spare))


@pytest.mark.parametrize(("days", "asked"), [(13, False), (15, True)])
def test_a_remembered_device_is_not_asked_again_until_its_end(client, days, asked):
    user = member()
    secret = with_application(user)
    log_in(client, user)
    page = answer(client, code(secret))
    assert "Retenir cet appareil" in text(client.get(page["Location"]))
    client.post(reverse("mfa_trust"), {"action": "trust"})
    with later(days=days):
        client.post(reverse("account_logout"))
        log_in(client, user)
        assert is_in(client) is not asked


def test_a_wrong_code_is_not_tried_for_ever(client):
    user = member()
    secret = with_application(user)
    log_in(client, user)
    for _ in range(5):
        answer(client, "000000")
    assert "Trop d'essais manqués" in text(answer(client, code(secret)))


ROLES = [
    ("agent", {SECOND_FACTOR_ANS}),
    ("responsable", {SECOND_FACTOR_ANS}),
    ("mandataire", {SECOND_FACTOR_MANDATAIRE}),
    ("représentant", set()),
    ("salarié", set()),
    ("équipe technique", {SECOND_FACTOR_STAFF}),
    ("sans organisation", set()),
]
KEYS = (SECOND_FACTOR_ANS, SECOND_FACTOR_MANDATAIRE, SECOND_FACTOR_STAFF)


def person(who):
    roles = {
        "agent": Role.AGENT,
        "responsable": Role.RESPONSABLE,
        "mandataire": Role.MANDATAIRE,
        "représentant": Role.REPRESENTANT,
        "salarié": Role.SALARIE,
    }
    if who in roles:
        return member(roles[who])
    return UserFactory(is_staff=who == "équipe technique")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("who", "keys"), ROLES)
def test_who_must_activate_one_before_anything_else(client, who, keys, key):
    user = person(who)
    require(key)
    client.force_login(user)
    response = client.get(reverse("accounts:profile"))
    if key in keys:
        assert response["Location"] == ACTIVATION
        assert "Votre rôle demande une double authentification" in text(client.get(ACTIVATION))
    else:
        assert response.status_code == HTTPStatus.OK


def test_by_default_nobody_of_the_demonstration_must(client):
    for who, _keys in ROLES:
        client.force_login(person(who))
        assert client.get(reverse("accounts:profile")).status_code == HTTPStatus.OK


def test_who_has_a_factor_goes_on(client):
    user = member()
    with_application(user)
    require(*KEYS)
    client.force_login(user)
    assert client.get(reverse("accounts:profile")).status_code == HTTPStatus.OK


def test_an_act_and_a_part_of_a_page_lead_to_the_activation_too(client):
    require(SECOND_FACTOR_MANDATAIRE)
    client.force_login(member())
    assert client.post(reverse("accounts:profile"), {})["Location"] == ACTIVATION
    part = client.get(reverse("accounts:profile"), headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == ACTIVATION


@pytest.mark.parametrize("name", ["account_logout", "mfa_activate_totp", "mfa_add_webauthn"])
def test_what_leads_to_a_factor_stays_open(client, name):
    require(SECOND_FACTOR_MANDATAIRE)
    client.force_login(member())
    assert client.get(reverse(name)).status_code == HTTPStatus.OK


def test_a_parameter_that_changes_reaches_an_open_session_within_five_minutes(client):
    client.force_login(member())
    require(SECOND_FACTOR_MANDATAIRE)
    with later(minutes=4, seconds=59):
        assert client.get(reverse("accounts:profile")).status_code == HTTPStatus.OK
    with later(minutes=5):
        assert client.get(reverse("accounts:profile"))["Location"] == ACTIVATION


def test_the_last_required_factor_is_not_removed(client):
    user = member()
    with_application(user)
    require(SECOND_FACTOR_MANDATAIRE)
    client.force_login(user)
    url = reverse("mfa_deactivate_totp")
    assert "ajoutez d'abord un autre moyen" in text(client.get(url))
    client.post(url)
    assert user.authenticator_set.exists()


def test_a_factor_that_nobody_requires_is_removed_with_the_recovery_codes(client):
    user = member()
    with_application(user)
    with_recovery_codes(user)
    client.force_login(user)
    client.post(reverse("mfa_deactivate_totp"))
    assert not user.authenticator_set.exists()
    notice = last(user.email)
    assert notice.subject == "Sécurité · Application d'authentification retirée"
    assert "choisissez tout de suite un nouveau mot de passe" in as_read(notice.body_text)


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_a_passkey_of_somebody_else_is_not_found(client, name):
    key = Authenticator.objects.create(
        user=member(), type=Authenticator.Type.WEBAUTHN, data={"name": "Clé", "credential": {}}
    )
    client.force_login(member())
    assert client.get(reverse(name, args=[key.pk])).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("host", "takes_passkeys"),
    [
        ("localhost:8000", True),
        ("echeances.example", True),
        ("127.0.0.1:8000", False),
        ("127.0.0.1", False),
        ("[::1]:8000", False),
        ("[::1]", False),
    ],
)
def test_passkeys_need_a_domain_name(host, takes_passkeys):
    assert has_domain(host) is takes_passkeys


@pytest.mark.parametrize(("minutes", "asked"), [(14, False), (15, True)])
def test_factors_are_changed_soon_after_a_login_or_after_a_confirmation(client, minutes, asked):
    client.force_login(member())
    url = reverse("mfa_activate_totp")
    with later(minutes=minutes):
        response = client.get(url)
        assert (response.status_code == HTTPStatus.FOUND) is asked
        if asked:
            confirm = response["Location"]
            assert client.post(confirm, {"password": PASSWORD})["Location"] == url
            assert client.get(url).status_code == HTTPStatus.OK


def test_a_new_password_by_mail_does_not_pass_the_second_factor(client):
    user, new = member(), "une phrase assez longue 7"
    with_application(user)
    client.post(reverse("account_reset_password"), {"email": user.email})
    form = client.get(link(last(user.email)))["Location"]
    client.post(form, {"password1": new, "password2": new})
    assert not is_in(client)
    asked = client.post(reverse("account_login"), {"login": user.email, "password": new})
    assert asked["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
