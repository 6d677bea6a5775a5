"""The page of a method that an address does not take leads back to a page, for each role."""

import re

import pytest

from accounts.models import User
from calendar_app.demo import cast
from tests.addresses import SECRET, addresses
from tests.pages import markup

PEOPLE = (cast.MANDATAIRE, cast.TWO_HATS, cast.AGENT, cast.RESPONSABLE)
OK, FORBIDDEN, NO_SUCH_METHOD = 200, 403, 405


def takes_post_alone(client, address):
    urls = address.urls(1)
    return any("GET" not in client.options(url).headers.get("Allow", "GET") for url in urls)


def where_back_leads(client, response, known):
    """The status of the page that a refused method offers to go back to; each is opened once."""
    assert response.headers["Allow"]
    (back,) = re.findall(r'<a class="button" href="([^"]+)">Revenir', markup(response))
    if back not in known:
        followed = client.get(back, follow=True)
        assert followed.headers["Content-Type"].startswith("text/html"), f"{back} is no page"
        known[back] = followed.status_code
    return known[back]


@pytest.mark.usefixtures("demo")
def test_a_refused_method_is_no_dead_end(client):
    lost, refused, opened = {}, set(), set()
    known = [one for one in addresses() if not one.is_keyed and one.name not in SECRET]
    for person in PEOPLE:
        user, backs = User.objects.get(email=person.email), {}
        client.force_login(user)
        if person is PEOPLE[0]:
            known = [address for address in known if takes_post_alone(client, address)]
        for address in known:
            for url in address.urls(1, seen_by=user):
                response = client.get(url)
                if response.status_code != NO_SUCH_METHOD:
                    continue
                refused.add(address.name)
                back = where_back_leads(client, response, backs)
                if back == OK:
                    opened.add(address.name)
                elif back != FORBIDDEN:  # a page that says who may
                    lost[url] = back
    assert not lost
    assert not refused - opened, "nobody can go back from there"
    assert len(refused) > 20
