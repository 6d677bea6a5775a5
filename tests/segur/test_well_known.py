"""robots.txt and security.txt, as RFC 9309 and RFC 9116 have them."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from segur.secret_addresses import PREFIXES


def lines(client, address):
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return answer.content.decode().splitlines()


def test_robots_are_kept_from_what_a_login_or_a_secret_opens(client):
    found = lines(client, "/robots.txt")
    assert found[0] == "User-agent: *"
    assert {f"Disallow: /{prefix}" for prefix in PREFIXES} <= set(found)
    assert "Disallow: /compte/" in found
    assert not [line for line in found if line in ("Disallow: /", "Disallow: /calendriers/")]


@time_machine.travel(dt.datetime(2026, 11, 30, 16, 20, tzinfo=dt.UTC), tick=False)
def test_security_txt_says_whom_to_write_to_and_until_when_it_holds(client, settings):
    settings.SECURITY_CONTACT = "mailto:securite@exemple.example"
    settings.SITE_URL = "https://echeances.example"
    assert lines(client, "/.well-known/security.txt") == [
        "Contact: mailto:securite@exemple.example",
        "Expires: 2027-05-29T16:00:00Z",
        "Preferred-Languages: fr, en",
        "Canonical: https://echeances.example/.well-known/security.txt",
    ]


@pytest.mark.django_db
def test_without_a_contact_there_is_no_file(client, settings):
    settings.SECURITY_CONTACT = ""
    assert client.get(reverse("security_txt")).status_code == 404
