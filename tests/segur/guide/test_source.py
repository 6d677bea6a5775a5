"""The guide: each page of the site has its paragraph, and each link leads somewhere."""

import fnmatch
import re
from urllib.parse import unquote

import pytest
from django.urls import Resolver404, resolve

from segur.guide.source import SLUGS, anchor_of, guides, section_of
from tests.addresses import KEYED, addresses

PAGES = [address.name for address in addresses() if address.name not in KEYED]
SECTIONS = [section for guide in guides().values() for section in guide.sections]
HREF = re.compile(r'href="([^"]*)"')


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("is_ans", [True, False], ids=["ans", "industry"])
def test_every_page_has_its_paragraph(name, is_ans):
    assert section_of(name, is_ans=is_ans)


def test_a_section_names_only_pages_that_exist():
    named = {name for section in SECTIONS for name in section.pages}
    existing = {*PAGES, *KEYED}
    assert {name for name in named if not fnmatch.filter(existing, name)} == set()


def test_no_page_has_two_paragraphs_in_guides_of_the_same_readers():
    seen = set()
    for section in SECTIONS:
        for name in section.pages:
            assert (section.slug == "ans", name) not in seen
            seen.add((section.slug == "ans", name))


@pytest.mark.parametrize(
    ("name", "industry", "ans"),
    [
        ("deadlines:prepare", "Déclarer un dépôt", "Décider d'un dépôt"),
        ("portfolio:index", "Portefeuille", "Portefeuille"),
        ("review:index", "Instruire les PV", "Instruire les PV"),
        ("perf:ticket", "Tickets de support", "Tickets de support"),
        ("perf:index", "Vue d'ensemble", "Vue d'ensemble"),
    ],
)
def test_the_paragraph_is_the_one_of_the_role(name, industry, ans):
    assert section_of(name, is_ans=False).title == industry
    assert section_of(name, is_ans=True).title == ans


@pytest.mark.parametrize("slug", SLUGS)
def test_anchors_are_unique(slug):
    anchors = [section.anchor for section in guides()[slug].sections]
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_link_leads_to_a_section_or_a_page(slug):
    guide = guides()[slug]
    targets = {f"#{section.anchor}" for section in guide.sections}
    targets |= {section.url for section in SECTIONS} | {one.url for one in guides().values()}
    for href in map(unquote, HREF.findall(guide.html)):
        assert href in targets or leads_somewhere(href), href


def leads_somewhere(href):
    if href.startswith("https://"):
        return True
    try:
        resolve(href)
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Déclarer un dépôt", "déclarer-un-dépôt"),
        ("Vue d'ensemble", "vue-densemble"),
        ("VA et deux mois", "va-et-deux-mois"),
        ("PERFm et PERFe", "perfm-et-perfe"),
    ],
)
def test_an_anchor_is_the_one_that_github_makes(title, anchor):
    assert anchor_of(title) == anchor


@pytest.mark.parametrize("slug", SLUGS)
def test_a_guide_has_nothing_that_the_content_policy_refuses(slug):
    html = guides()[slug].html
    assert " style=" not in html
    assert "<script" not in html
    assert "<!--" not in html
    assert "&lt;!--" not in html


def test_tables_are_named_and_their_cells_say_their_column():
    html = guides()["README"].html
    assert '<table class="table" aria-labelledby="qui-peut-faire-quoi">' in html
    assert '<td data-label="Déposer">oui</td>' in html
