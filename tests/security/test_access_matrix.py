"""Every address, for those who must not get in (DESIGN «Access»)."""

from http import HTTPStatus

import pytest
from django.shortcuts import resolve_url
from django.utils import timezone

from accounts.models import Membership, User
from accounts.services.memberships import membership_remove
from calendar_app.demo import cast
from tests.addresses import PRIVATE, PUBLIC, SECRET, SHARED, addresses
from tests.by import acting

OK, NO_SUCH_METHOD = HTTPStatus.OK, HTTPStatus.METHOD_NOT_ALLOWED
HEALTH = {"work", "metrics"}
"""They say how the site is: no worker runs here, and the figures ask for a token."""
FEW, MANY = 1, 3
"""Hidden objects tried at each address; with `-m long`, many."""


def log_in(client, person):
    user = User.objects.get(email=person.email)
    client.force_login(user)
    return user


def status(method, url):
    response = method(url)
    response.getvalue()  # a proof is an open file until it has been read
    return response.status_code


def statuses(method, urls):
    """By address. What a method that the view does not take answers is the same for every object:
    it is asked once.
    """
    found = {}
    for url in urls:
        found[url] = status(method, url)
        if found[url] == NO_SUCH_METHOD:
            break
    return found


def test_every_address_with_an_argument_is_known():
    unknown = [
        address.name
        for address in addresses()
        if not (address.is_plain or address.is_keyed)
        and address.name not in {**PRIVATE, **SHARED, **SECRET}
    ]
    assert not unknown, "add them to tests/addresses/"
    assert {address.name for address in addresses()} >= {
        *PUBLIC,
        *PRIVATE,
        *SHARED,
        *SECRET,
    }


@pytest.mark.usefixtures("demo")
def test_anonymous_gets_the_login_page_except_on_the_public_list(client):
    wrong = []
    for address in addresses():
        if address.is_public or address.is_keyed:
            continue
        for url in address.urls(2):
            for method in (client.get, client.post):
                response = method(url)
                expected = f"{resolve_url('account_login')}?next={url}"
                if response.status_code != HTTPStatus.FOUND or response["Location"] != expected:
                    wrong.append((method.__name__, address.name, response.status_code))
    assert not wrong


@pytest.mark.usefixtures("demo")
def test_the_public_list_answers_anonymous(client):
    wrong = []
    for address in addresses():
        if address.name in PUBLIC - HEALTH and address.name not in SECRET:
            got = {url: status(client.get, url) for url in address.urls()}
            wrong += [item for item in got.items() if item[1] not in {OK, NO_SUCH_METHOD}]
    assert not wrong


@pytest.mark.usefixtures("demo")
def test_a_wrong_secret_opens_nothing(client):
    wrong = []
    for address in addresses():
        for url in address.urls() if address.name in SECRET and address.name in PUBLIC else ():
            for method in (client.get, client.post):
                got = status(method, url)
                if got not in {HTTPStatus.NOT_FOUND, NO_SUCH_METHOD}:
                    wrong.append((url, got))
    assert not wrong


def outsider(people, rows, size):
    """The first of them from whom some of the rows are hidden, and these."""
    for person in people:
        if hidden := rows.sample(size, hidden_from=User.objects.get(email=person.email)):
            return person, hidden
    return people[0], []


def former_member():
    """Who left the éditeur of the demonstration."""
    membership = Membership.objects.get(user__email=cast.SALARIE.email)
    membership_remove(membership=membership, by=acting(None, timezone.now()))
    return (cast.SALARIE,)


WITHOUT = {
    "another éditeur": lambda: (cast.THIRD, cast.OTHER),
    "technical staff": lambda: (cast.TECHNICAL,),
    "former member": former_member,
}
"""Who is outside: the second éditeur stands in for what only the third has."""


@pytest.mark.usefixtures("demo", "_refusals_without_their_page")
@pytest.mark.parametrize("size", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
@pytest.mark.parametrize("who", WITHOUT)
def test_an_outsider_gets_404_on_every_object(client, who, size):
    """Whatever the method."""
    wrong = []
    people = WITHOUT[who]()
    for name, rows in PRIVATE.items():
        person, hidden = outsider(people, rows, size)
        assert hidden, f"the demonstration has nothing to hide at {name}"
        log_in(client, person)
        urls = [resolve_url(name, **rows.kwargs(row)) for row in hidden]
        read, written = statuses(client.get, urls), statuses(client.post, urls)
        for url in urls:
            got = {read.get(url), written.get(url)} - {NO_SUCH_METHOD, None}
            if got != {HTTPStatus.NOT_FOUND}:
                wrong.append((person.email, url, got))
    assert not wrong
