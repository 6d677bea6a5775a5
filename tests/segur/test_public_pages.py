"""A page that says the same to everybody is rendered once a minute for who is not logged in."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Milestone
from tests.factories import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]

PAGES = ("home", "calendars:index", "publications:index", "programme:open_data", "help")


@pytest.fixture(autouse=True)
def kept(settings):
    settings.PUBLIC_PAGES_SECONDS = 60
    cache.clear()


def rename(title):
    Milestone.objects.filter(code="ris-6").update(title=title)


@pytest.mark.parametrize("name", PAGES)
def test_the_second_visitor_costs_one_look_into_the_cache(
    client, name, django_assert_max_num_queries
):
    first = client.get(reverse(name))
    client.cookies.clear()

    with django_assert_max_num_queries(1):
        second = client.get(reverse(name))

    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert second["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in second["Vary"]
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_who_has_the_page_already_is_answered_304(client):
    first = client.get(reverse("home"))

    again = client.get(reverse("home"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(reverse("home"), headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def calendar():
    return reverse("calendars:detail", args=["ris"])


def test_a_change_shows_once_the_minute_is_over(client):
    client.get(calendar())
    rename("Solde fictif")
    assert "Solde fictif" not in client.get(calendar()).content.decode()

    cache.clear()

    assert "Solde fictif" in client.get(calendar()).content.decode()


def test_who_is_logged_in_is_given_their_own_page_and_leaves_none_behind(client):
    person = member(Role.MANDATAIRE)
    client.force_login(person)
    own = client.get(reverse("home"))
    assert str(person) in own.content.decode()
    assert "private" in own["Cache-Control"]
    client.logout()

    assert str(person) not in client.get(reverse("home")).content.decode()


def test_a_page_asked_with_a_query_is_not_kept(client):
    address = f"{calendar()}?a=1"
    client.get(address)
    rename("Solde fictif")

    assert "Solde fictif" in client.get(address).content.decode()


@pytest.mark.parametrize("name", ["account_login", "deadlines:index"])
def test_a_page_that_is_not_the_same_for_all_is_not_kept(client, name):
    client.get(reverse(name))
    client.cookies.clear()

    assert "public" not in client.get(reverse(name)).get("Cache-Control", "")
