"""`python -m benchmarks.page_times [WORD…]`: on a filled database, the times of pages as JSON.

Processor time, of Python and of the process of PostgreSQL that answers it, of three visits: the
first one, before anything of the page is in the cache; one after an act of a colleague on a
deadline; one when nothing has changed.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus

import django
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import is_valid_path

from benchmarks.load_acts import acts_of_colleague
from benchmarks.processor import in_one_process, processor
from benchmarks.report import say

TURNS = 9
LIGHTEST = "/aide/"
ANS, EDITEUR = "agent", "éditeur"
PAGES = (
    (ANS, "/programme/"),
    (ANS, "/pilotes/"),
    (ANS, "/perf/"),
    (ANS, "/echeances/"),
    (ANS, "/echeances/?vue=toutes&page=40"),
    (ANS, "/prestations/"),
    (ANS, "/solutions/"),
    (ANS, "/instruction/"),
    (ANS, "/organisations/"),
    (ANS, "/journal/"),
    (ANS, "/recherche/?q=centre+fictif+00412"),
    (ANS, "/recherche/?q=centre"),
    (ANS, "/recherche/?q=centre+fictof"),
    (ANS, "/notifications/"),
    (EDITEUR, "/echeances/"),
    (EDITEUR, "/prestations/"),
    (EDITEUR, "/pilotes/"),
    (EDITEUR, "/perf/"),
    (EDITEUR, "/journal/"),
    (EDITEUR, "/portefeuille/"),
    (EDITEUR, "/portefeuille/?risque=on"),
    (EDITEUR, "/portefeuille/rythme/"),
    (EDITEUR, "/portefeuille/montants/"),
    (EDITEUR, "/recherche/?q=centre+fictif+00412"),
    (EDITEUR, "/notifications/"),
)


def main(words: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
    django.setup()
    from benchmarks.population.whole import counts  # noqa: PLC0415  (models load first)

    call_command("collectstatic", interactive=False, verbosity=0)
    clients = _clients()
    pages = [
        (who, path)
        for who, path in PAGES
        if is_valid_path(path.split("?")[0]) and (not words or any(word in path for word in words))
    ]
    _seconds(clients[ANS], LIGHTEST)  # loads the templates of the frame
    in_one_process()
    found: defaultdict[str, list[float]] = defaultdict(list)
    first: defaultdict[str, list[float]] = defaultdict(list)
    acted: defaultdict[str, list[float]] = defaultdict(list)
    acts = acts_of_colleague()
    for _ in range(TURNS):
        for who, path in pages:
            cache.clear()
            found[""].append(_seconds(clients[ANS], LIGHTEST))
            first[f"{path} {who}"].append(_seconds(clients[who], path))
            found[f"{path} {who}"].append(_seconds(clients[who], path))
            next(acts)()
            acted[f"{path} {who}"].append(_seconds(clients[who], path))
    middle = {name: statistics.median(times) for name, times in found.items()}
    measured = [
        {
            "name": (name := f"{path} {who}"),
            "seconds": middle[name],
            "first": statistics.median(first[name]),
            "acted": statistics.median(acted[name]),
            "queries": queries,
        }
        for (who, path), queries in zip(pages, _queries(clients, pages), strict=True)
    ]
    answer = {"turns": TURNS, "lightest": middle[""], "pages": measured, "counts": counts()}
    say(json.dumps(answer))
    return 0


def _clients() -> dict[str, Client]:
    """A responsable of the ANS, and a Représentant of an éditeur."""
    from accounts.enums import Kind, Role  # noqa: PLC0415
    from accounts.models import User  # noqa: PLC0415

    def person(kind: str, role: str) -> User:
        found = User.objects.filter(
            memberships__role=role, memberships__organisation__kind=kind, is_active=True
        )
        return found.order_by("pk")[0]

    people = {
        ANS: person(Kind.ANS, Role.RESPONSABLE),
        EDITEUR: person(Kind.EDITEUR, Role.REPRESENTANT),
    }
    clients = {name: Client(SERVER_NAME="127.0.0.1") for name in people}
    for name, client in clients.items():
        client.force_login(people[name])
    return clients


def _seconds(client: Client, path: str) -> float:
    begin = processor()
    response = client.get(path)
    seconds = processor() - begin
    if response.status_code != HTTPStatus.OK:
        raise SystemExit(f"{path}: {response.status_code}")
    return seconds


def _queries(clients: dict[str, Client], pages: list[tuple[str, str]]) -> Iterator[int]:
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    for who, path in pages:
        with CaptureQueriesContext(connection) as found:
            clients[who].get(path)
        yield len(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
