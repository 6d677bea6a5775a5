"""Every PDF that the site makes is built as PDF/UA-1 asks, as far as its structure shows it:
veraPDF, which judges the whole standard, is not in these tests.
"""

import pytest

from accounts.models import User
from calendar_app.demo import cast
from tests import pdfs
from tests.addresses import addresses

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
