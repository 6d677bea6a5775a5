"""One's open sessions: listed with their last use, closed, ended by the clock."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.rules.parameters import IDLE_ANS
from parameters.models import RegulatoryParameter
from tests.accounts.moments import later
from tests.factories import member
from tests.pages import cells, markup, text

pytestmark = pytest.mark.django_db
PASSWORD = "mot de passe de test"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/131.0 Mobile Safari/537.36"
PAGE = "/compte/sessions/"


def browser(user, agent, address="192.0.2.1"):
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def is_in(client):
    return client.get(reverse("accounts:profile")).status_code == HTTPStatus.OK


def test_each_session_shows_its_device_its_address_and_its_last_use():
    user = member()
    desk, _phone = browser(user, FIREFOX), browser(user, PHONE, "192.0.2.7")
    response = desk.get(PAGE)
    assert "Firefox, Windows" in text(response)
    assert [cell.split()[0] for cell in cells(response, "Adresse IP du dernier usage")] == [
        "192.0.2.1",
        "192.0.2.7",
    ]
    assert "Cette session" in cells(response, "Action")[0]


def test_the_address_of_the_last_use_is_noted_once_a_minute():
    user = member()
    client = browser(user, FIREFOX)
    client.get(PAGE, REMOTE_ADDR="192.0.2.9")
    assert "192.0.2.9" not in text(client.get(PAGE))
    with later(minutes=1):
        client.get(PAGE, REMOTE_ADDR="192.0.2.9")
        assert "192.0.2.9" in text(client.get(PAGE, REMOTE_ADDR="192.0.2.9"))


def test_the_others_are_closed_at_once_and_mine_stays():
    user, colleague = member(), member()
    desk, phone, theirs = (browser(one, FIREFOX) for one in (user, user, colleague))
    answer = desk.post(reverse("accounts:sessions_close_others"), follow=True)
    assert "Session fermée." in text(answer)
    assert [is_in(client) for client in (desk, phone, theirs)] == [True, False, True]
    assert "Fermer les autres sessions" not in text(desk.get(PAGE))


def test_one_session_is_closed_and_only_ones_own():
    user = member()
    desk, phone = browser(user, FIREFOX), browser(user, PHONE)
    (pk,) = (row.pk for row in user.usersession_set.filter(user_agent=PHONE))
    stranger = browser(member(), FIREFOX)
    url = reverse("accounts:session_close", args=[pk])
    assert stranger.post(url).status_code == HTTPStatus.NOT_FOUND
    assert is_in(phone)
    desk.post(url)
    assert not is_in(phone)


def test_a_closed_session_is_no_longer_listed():
    user = member()
    desk, phone = browser(user, FIREFOX), browser(user, PHONE)
    phone.post(reverse("account_logout"))
    assert "Android" not in text(desk.get(PAGE))


def test_the_page_asks_the_same_for_one_session_and_for_ten(django_assert_max_num_queries):
    user = member()
    desk = browser(user, FIREFOX)
    desk.get(PAGE)
    for _ in range(10):
        browser(user, PHONE)
    with django_assert_max_num_queries(12):
        assert markup(desk.get(PAGE)).count("Chrome, Android") >= 10


TABLE = [
    (Role.AGENT, None, {"hours": 2, "seconds": 1}, False),
    (Role.AGENT, None, {"hours": 1, "minutes": 59}, True),
    (Role.RESPONSABLE, None, {"hours": 2, "seconds": 1}, False),
    (Role.RESPONSABLE, 30, {"minutes": 31}, False),
    (Role.RESPONSABLE, 240, {"hours": 3}, True),
    (Role.MANDATAIRE, None, {"hours": 3}, True),
    (Role.MANDATAIRE, None, {"hours": 11, "minutes": 59}, True),
    (Role.MANDATAIRE, None, {"hours": 12, "seconds": 1}, False),
]


@pytest.mark.parametrize(("role", "parameter", "after", "stays"), TABLE)
def test_a_session_without_activity_ends_by_role_and_parameter(
    client, role, parameter, after, stays
):
    if parameter:
        RegulatoryParameter.objects.create(
            key=IDLE_ANS, value=parameter, effective_from=timezone.now(), source="Essai"
        )
    client.force_login(member(role))
    with later(**after):
        assert is_in(client) is stays


def test_use_keeps_a_session_open_but_not_beyond_twelve_hours(client):
    client.force_login(member(Role.AGENT))
    for hours in range(1, 12):
        with later(hours=hours):
            assert is_in(client)
    with later(hours=12, seconds=1):
        assert not is_in(client)


def test_the_login_page_says_why_the_session_ended(client):
    client.force_login(member(Role.AGENT))
    with later(hours=3):
        answer = client.get(reverse("accounts:profile"), follow=True)
    assert "Votre session s'est terminée, par sa durée ou faute d'activité." in text(answer)
