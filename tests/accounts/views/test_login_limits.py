"""Failed passwords are counted, right ones are not; a known device and a second factor get in."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.mailbox import received
from tests.accounts.moments import later
from tests.accounts.second_factors import with_application
from tests.factories import UserFactory, member
from tests.pages import text

pytestmark = pytest.mark.django_db
PASSWORD = "mot de passe de test"
OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.{}"
TOO_MANY = "Trop d'essais manqués"


def attempt(email, password, address=OFFICE, client=None):
    client = client or Client()
    typed = {"login": email, "password": password}
    return client.post(reverse("account_login"), typed, REMOTE_ADDR=address)


def is_refused(response):
    return response.status_code == 200 and TOO_MANY in text(response)


def attack(email, times):
    """Wrong passwords for one account, each from another address."""
    for n in range(times):
        attempt(email, "faux", ELSEWHERE.format(n))


def test_forty_people_behind_one_address_log_in_within_a_minute():
    people = [member() for _ in range(40)]
    assert [attempt(one.email, PASSWORD).status_code for one in people] == [302] * 40


@pytest.mark.parametrize(("failures", "refused"), [(4, False), (5, True)])
def test_one_account_from_one_address(failures, refused):
    user = member()
    for _ in range(failures):
        attempt(user.email, "faux")
    assert is_refused(attempt(user.email, PASSWORD)) is refused


@pytest.mark.parametrize(("failures", "refused"), [(49, False), (50, True)])
def test_one_address_on_many_accounts(failures, refused):
    user = member()
    for n in range(failures):
        attempt(f"inconnue{n}@exemple.example", "faux")
    assert is_refused(attempt(user.email, PASSWORD)) is refused


@pytest.mark.parametrize(("failures", "refused"), [(19, False), (20, True)])
def test_one_account_from_many_addresses_is_slowed(failures, refused):
    user = member()
    attack(user.email, failures)
    assert is_refused(attempt(user.email, PASSWORD)) is refused


def test_the_wait_is_five_minutes():
    user = member()
    attack(user.email, 20)
    with later(minutes=6):
        assert attempt(user.email, PASSWORD).status_code == 302


def test_an_attack_does_not_shut_out_a_known_device():
    user, desk = member(), Client()
    attempt(user.email, PASSWORD, client=desk)
    desk.post(reverse("account_logout"))
    attack(user.email, 30)
    assert is_refused(attempt(user.email, PASSWORD))
    assert attempt(user.email, PASSWORD, client=desk).status_code == 302


def test_an_attack_does_not_shut_out_who_has_a_second_factor():
    user = member()
    with_application(user)
    attack(user.email, 30)
    assert attempt(user.email, PASSWORD)["Location"] == reverse("mfa_authenticate")


def test_a_known_device_is_limited_too():
    user, desk = member(), Client()
    attempt(user.email, PASSWORD, client=desk)
    desk.post(reverse("account_logout"))
    for _ in range(5):
        attempt(user.email, "faux", client=desk)
    assert is_refused(attempt(user.email, PASSWORD, client=desk))


def test_a_device_known_for_somebody_else_is_unknown():
    user, desk = member(), Client()
    attempt(member().email, PASSWORD, client=desk)
    desk.post(reverse("account_logout"))
    attack(user.email, 20)
    assert is_refused(attempt(user.email, PASSWORD, client=desk))


def test_a_forged_cookie_makes_no_device_known(settings):
    user, desk = member(), Client()
    desk.cookies[settings.DEVICE_COOKIE_NAME] = "WyJmYXV4Il0:faux"
    attack(user.email, 20)
    assert is_refused(attempt(user.email, PASSWORD, client=desk))


def subjects(user):
    return [mail.subject for mail in received(user.email)]


def test_a_login_from_a_new_device_is_reported_by_mail_and_a_second_one_is_not():
    user, desk = member(), Client()
    for _ in range(2):
        attempt(user.email, PASSWORD, client=desk)
        desk.post(reverse("account_logout"))
    assert subjects(user) == ["Sécurité · Connexion depuis un nouvel appareil"]
    attempt(user.email, PASSWORD, client=Client())
    assert subjects(user) == ["Sécurité · Connexion depuis un nouvel appareil"] * 2


def test_a_new_password_makes_every_device_unknown():
    user, desk = member(), Client()
    attempt(user.email, PASSWORD, client=desk)
    desk.post(reverse("account_logout"))
    user.set_password("une phrase assez longue 7")
    user.save()
    attempt(user.email, "une phrase assez longue 7", client=desk)
    assert subjects(user) == ["Sécurité · Connexion depuis un nouvel appareil"] * 2


def test_an_unknown_account_is_limited_like_a_known_one():
    UserFactory(email="connue@exemple.example")
    for email in ("connue@exemple.example", "inconnue@exemple.example"):
        for _ in range(5):
            attempt(email, "faux")
        assert is_refused(attempt(email, "faux"))
