"""Every PDF that the site makes is built as PDF/UA-1 asks, as far as its structure shows it:
veraPDF, which judges the whole standard, is not in these tests.
"""

import re
from pathlib import PurePath

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from calendar_app.demo import cast
from pilots.pv.models import PVDecision
from segur.lib import paris
from tests import pdfs
from tests.addresses import addresses
from tests.pages import markup, text

pytestmark = pytest.mark.usefixtures("demo")
PAPERS = {
    "deadlines:receipt_pdf": cast.MANDATAIRE,
    "deadlines:batch_pdf": cast.RESPONSABLE,
    "perf:statement_pdf": cast.MANDATAIRE,
    "perf:ticket_pdf": cast.MANDATAIRE,
    "pilots:pv_pdf": cast.MANDATAIRE,
    "pilots:pv_receipt_pdf": cast.MANDATAIRE,
    "pilots:pv_decision_pdf": cast.MANDATAIRE,
    "va:pdf": cast.MANDATAIRE,
    "programme:pdf": cast.RESPONSABLE,
}
PAGES = {
    "deadlines:receipt_pdf": "deadlines:receipt",
    "deadlines:batch_pdf": "deadlines:batch",
    "perf:statement_pdf": "perf:statement",
    "perf:ticket_pdf": "perf:ticket",
    "pilots:pv_pdf": "pilots:pv",
    "pilots:pv_receipt_pdf": "pilots:pv_receipt",
    "pilots:pv_decision_pdf": "pilots:pv",
    "va:pdf": "va:detail",
    "programme:pdf": "programme:index",
}
"""Paper → the page with the same facts, which is its accessible version (RGAA 13.3)."""
NUMBERS = re.compile(r"\d[\d/:.,h]*\d")
INSTANTS = re.compile(r"\d\d/\d\d/\d{4} à \d+h\d+min\d+s")
"""A page may write them in full, by the name of the day."""
ONE_PAGE = {"deadlines:receipt_pdf", "pilots:pv_receipt_pdf", "pilots:pv_decision_pdf"}


def test_every_paper_is_in_the_table():
    made = {address.name for address in addresses() if address.name.endswith("pdf")}
    assert made == set(PAPERS)


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_tagged_in_full(client, name):
    user = User.objects.get(email=PAPERS[name].email)
    client.force_login(user)
    address = next(one for one in addresses() if one.name == name)
    url = next(iter(address.urls(1, seen_by=user)), None)
    assert url, f"the demonstration has no paper at {name}"
    content = client.get(url).getvalue()

    claims = pdfs.claims(content)
    assert (claims["language"], claims["part"]) == ("fr", "1")
    assert claims["is_tagged"]
    assert claims["shows_title"]
    assert claims["title"]
    assert pdfs.unmarked(content) == []
    assert pdfs.fonts_not_embedded(content) == []
    assert "H1" in pdfs.tags(content)
    if name in ONE_PAGE:
        assert len(pdfs.pages(content)) == 1


@pytest.mark.parametrize("name", PAPERS)
def test_the_page_of_a_paper_leads_to_it_and_has_its_numbers(client, name):
    user = User.objects.get(email=PAPERS[name].email)
    client.force_login(user)
    by_name = {address.name: address for address in addresses()}
    paper = next(iter(by_name[name].urls(1, seen_by=user)))
    if name == "pilots:pv_decision_pdf":
        decision = PVDecision.objects.get(pk=PurePath(paper).stem)
        page = reverse(PAGES[name], args=[decision.pv_id])
    else:
        page = next(iter(by_name[PAGES[name]].urls(1, seen_by=user)))
    response = client.get(page)
    now = paris.local(timezone.now())
    made = f"{now:%d/%m/%Y} {now.hour}h{now:%M} {now:%Hh%M %H %M}".split()  # the paper alone has it
    with time_machine.travel(now, tick=False):
        words = INSTANTS.sub("", pdfs.words(client.get(paper).getvalue()))
    numbers = set(NUMBERS.findall(words))
    assert paper in markup(response)
    assert numbers - {*made} <= set(NUMBERS.findall(text(response)))
