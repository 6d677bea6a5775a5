"""`/aide/` and its search, and the link of each page to its paragraph."""

import re
from html import unescape

import pytest

from accounts.enums import Role
from segur.guide.search import sections_with
from segur.guide.source import guides
from tests.factories import DeadlineFactory, member
from tests.pages import markup, text

pytestmark = pytest.mark.django_db
HIT = re.compile(r'<li><a href="([^"]+)">(.*?)</a>')
H1 = re.compile(r"<h1[^>]*>(.*?)</h1>")
HELP = re.compile(r'<a class="page-help" href="([^"]+)">')


@pytest.mark.parametrize("slug", [slug for slug in guides() if slug != "README"])
def test_each_guide_is_public(client, slug):
    response = client.get(f"/aide/{slug}/")
    assert response.status_code == 200
    assert [unescape(one) for one in H1.findall(markup(response))] == [guides()[slug].title]


@pytest.mark.parametrize("slug", ["README", "inconnu"])
def test_an_unknown_guide_is_not_found(client, slug):
    assert client.get(f"/aide/{slug}/").status_code == 404


def test_the_english_summary_says_its_language(client):
    assert '<div class="prose" lang="en">' in markup(client.get("/aide/english/"))


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("récépissé", "Garder le récépissé"),
        ("RECEPISSE", "Garder le récépissé"),
        ("recepise", "Garder le récépissé"),
        ("tickets support", "Tickets de support"),
        ("Manquée", "Tickets de support"),
    ],
)
def test_a_search_finds_the_paragraph_whatever_accents_and_one_wrong_letter(client, asked, first):
    found = HIT.findall(markup(client.get("/aide/", {"q": asked})).partition('id="resultats"')[2])
    assert found[0][1] == first


def test_a_search_that_finds_nothing_says_what_to_do(client):
    page = text(client.get("/aide/", {"q": "zzzzzz"}))
    assert "0 passage pour « zzzzzz »" in page
    assert "Essayez un seul mot" in page


def test_what_is_searched_is_shown_as_text(client):
    assert "<b>x</b>" not in markup(client.get("/aide/", {"q": "<b>x</b>"}))


def test_a_search_without_a_word_finds_nothing():
    assert sections_with(" ?! ") == []


def test_the_search_of_the_site_has_the_guide(client):
    client.force_login(member(Role.SALARIE))
    assert "Aide : Guide de PERF" in text(client.get("/recherche/", {"q": "PERFm"}))


def test_each_page_links_to_its_paragraph(client):
    user = member(Role.REPRESENTANT)
    client.force_login(user)
    deadline = DeadlineFactory(organisation=user.memberships.get().organisation)
    page = markup(client.get(f"/echeances/{deadline.pk}/"))
    assert set(HELP.findall(page)) == {"/aide/editeurs-et-distributeurs/#lire-ses-échéances"}


def test_an_address_of_no_page_links_to_the_start_of_the_guide(client):
    client.force_login(member(Role.SALARIE))
    assert set(HELP.findall(markup(client.get("/inconnue/")))) == {"/aide/#aide"}
