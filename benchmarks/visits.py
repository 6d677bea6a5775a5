"""The pages that `benchmarks.weights` opens, as JSON: path, person and cookie of each.

Each address once, as the first who gets a page there (status 200, HTML). Run with the settings and
the database of the site.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from calendar_app.demo import cast  # noqa: E402
from tests.addresses import SECRET, addresses  # noqa: E402

VISITORS = (None, cast.MANDATAIRE, cast.RESPONSABLE, cast.AGENT, cast.DISTRIBUTEUR, cast.TWO_HATS)
OBJECTS = 3
"""At most as many of an address are tried, until one gives a page."""


def pages(words: list[str]) -> Iterator[dict[str, str]]:
    visitors = [(person, *_logged_in(person)) for person in VISITORS]
    for address in addresses():
        if address.is_keyed or address.name in {*SECRET, "account_logout"}:
            continue
        for person, user, client, cookie in visitors:
            urls = islice(address.urls(OBJECTS, seen_by=user), OBJECTS)
            path = next((url for url in urls if _is_page(client, url)), None)
            if path and (not words or any(word in path for word in words)):
                described = person.email if person else "anonymous"
                yield {"path": path, "person": described, "cookie": cookie}
            if path:
                break


def _logged_in(person: cast.Person | None) -> tuple[User | None, Client, str]:
    client = Client()
    if person is None:
        return None, client, ""
    user = User.objects.get(email=person.email)
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return user, client, f"{name}={client.cookies[name].value}"


def _is_page(client: Client, url: str) -> bool:
    answer = client.get(url)
    answer.close()
    kind = answer.headers.get("Content-Type", "")
    return answer.status_code == HTTPStatus.OK and kind.startswith("text/html")


if __name__ == "__main__":
    logging.disable(logging.ERROR)
    sys.stdout.write(json.dumps([*pages(sys.argv[1:])]))
