"""Pages on paper (A4): how many, and what the first one says."""

import pytest
from django.urls import reverse

from calendar_app.demo import cast
from calendar_app.models import Filing
from perf.models import Statement
from tests.pages import as_read
from tests.pdfs import pages


@pytest.fixture
def printed(visitor):
    visitor.log_in_as(cast.MANDATAIRE.email)

    def _printed(name, *arguments):
        assert visitor.goto(reverse(name, args=arguments)) == 200
        return [as_read(page) for page in pages(visitor.page.pdf(format="A4"))]

    return _printed


def test_a_receipt_and_a_filed_deadline_are_one_page_without_what_one_clicks(printed):
    filing = Filing.objects.filed().earliest("pk")
    receipt = printed("deadlines:receipt", filing.receipt_number)
    deadline = printed("deadlines:detail", filing.deadline_id)
    assert (len(receipt), len(deadline)) == (1, 1)
    assert filing.receipt_number in receipt[0]
    assert "Historique" in deadline[0]
    assert "Confier" not in deadline[0]
    assert "Écrire un commentaire" not in deadline[0]


def test_the_first_page_of_a_statement_says_all_and_the_folded_parts_are_printed(printed):
    statement = Statement.objects.latest("pk")
    first, *others = printed("perf:statement", statement.pk)
    for word in (statement.number, "PERF 1", "Période ouvrable", "Client", "Fournisseur", "Établi"):
        assert word in first
    assert "partie par partie" in " ".join([first, *others])


def test_the_list_prints_what_is_urgent_whole_and_without_its_links(printed):
    first, *others = printed("deadlines:index")
    assert "Ouvrir le ticket" not in first
    assert "autres lignes" not in first
    assert "L'habilitation EDC PSC expire" in " ".join([first, *others])


def test_both_calendars_are_one_page_and_each_two(printed):
    pages = {name: printed("calendars:detail", name) for name in ("ris", "drimbox")}
    assert len(printed("calendars:index")) == 1
    for first, *others in pages.values():
        assert "4. Dépôt des demandes de financement" in first
        assert len(others) == 1
