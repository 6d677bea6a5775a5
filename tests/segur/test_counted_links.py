"""A number beside a link is how many rows the link opens, on the first screens of each role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

import pytest

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.models import Supplier
from tests.pages import markup

SCREENS = ("/echeances/", "/programme/", "/pilotes/", "/perf/", "/instruction/", "/prefigurateurs/")
PEOPLE = (cast.REPRESENTANT, cast.TWO_HATS, cast.RESPONSABLE)
TAB = re.compile(r'<a href="([^"]*)"[^>]*>[^<]*<span class="tabs-count">(\d+)</span>')
FIGURE = re.compile(
    r'<td data-label="[^"]*" class="number">(?:<strong>)?<a href="([^"]*)">(\d+)</a>'
)
"""Of the programme."""
SUPPLIER = re.compile(r'<a href="([^"]*)">(\d+) prestations?</a> de cette solution')
LINKS = (TAB, FIGURE, SUPPLIER)
PUBLICATIONS = {
    "/installations-reussies/?etat=publiees": re.compile(r'<tr id="publication-'),
    "/installations-reussies/": re.compile(r"proposée le"),
}
"""Lists without pages: what is public, and what is to publish."""
FOLDED = "/echeances/?vue=a-faire"
"""The whole list is under its milestones: each of these is a counted link of its own."""
PAGED = re.compile(r"\d+ à \d+ sur (\d+)</p>")


@dataclass(frozen=True)
class Counted:
    url: str
    count: int


def counted(screen: str, page: str) -> Iterator[Counted]:
    for pattern in LINKS:
        for href, count in pattern.findall(page):
            yield Counted(urljoin(screen, unescape(href)).split("#")[0], int(count))


def rows_of(client, url: str) -> int:
    response = client.get(url)
    assert response.status_code == 200, url
    if url in PUBLICATIONS:
        return len(PUBLICATIONS[url].findall(markup(response)))
    paged = PAGED.search(markup(response))
    return int(paged[1]) if paged else 0


@pytest.mark.usefixtures("demo")
def test_each_number_is_how_many_rows_its_link_opens(client):
    wrong, kinds, seen = [], set(), 0
    for person in PEOPLE:
        user = User.objects.get(email=person.email)
        client.force_login(user)
        suppliers = Supplier.objects.visible_to(user)
        for screen in (*SCREENS, *(f"/solutions/fournisseurs/{row.pk}/" for row in suppliers[:8])):
            response = client.get(screen)
            if response.status_code != 200:
                continue
            page = markup(response)
            kinds |= {pattern for pattern in LINKS if pattern.search(page)}
            for link in counted(screen, page):
                if link.url == FOLDED:
                    continue
                seen += 1
                if (rows := rows_of(client, link.url)) != link.count:
                    wrong.append((person.email, screen, link, rows))
    assert not wrong
    assert seen > 100
    assert kinds >= {*LINKS}, "the demonstration lost a kind of counted link"
