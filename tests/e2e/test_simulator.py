"""The worked examples of DOMAIN §4, typed by a visitor into the simulator."""

import re

import pytest

from tests.e2e.browser import Visitor
from tests.pages import as_read
from tests.perf.worked_examples import EXAMPLES

TICKETS = (
    ("12/01/2027 18:30", "12/01/2027 19h", "13/01/2027 12h30"),
    ("15/01/2027 18:45", "16/01/2027 9h15", "16/01/2027 12h45"),
    ("17/01/2027 15:00", "18/01/2027 9h30", "18/01/2027 13h"),
    ("15/05/2027 12:00", "15/05/2027 12h30", "18/05/2027 12h"),
)


@pytest.fixture
def visitor(visit, live_server):
    """A visitor of an empty site: the simulator needs no data and no login."""
    return visit(live_server.url)


def figures(visitor: Visitor) -> list[tuple[str, str]]:
    """D_f and PERF of each reading, A then B, as they are written on the page."""
    found = []
    for caption in visitor.page.locator(".perf-reading .gauge-caption").all():
        text = as_read(caption.inner_text())
        match = re.search(r"D_f (\d+ h \d\d min(?: \d\d s)?).*PERF ([01](?:,5)?)$", text, re.DOTALL)
        assert match, text
        found.append((match[1], match[2]))
    return found


def test_the_worked_examples_typed_in_a_browser(visitor):
    for lines, ouvrable, continu in EXAMPLES:
        assert visitor.goto("/perf/simulateur/") == 200
        page = visitor.page
        page.get_by_role("textbox", name="Pannes").press_sequentially(lines)
        page.locator("#id_du").fill("2026-01-01")
        page.locator("#id_au").fill("2027-12-31")
        page.get_by_role("button", name="Calculer").click()
        page.get_by_role("heading", name="Résultat").wait_for()
        assert figures(visitor) == [ouvrable, continu], lines
        notice = page.get_by_text("Les deux lectures ne donnent pas le même PERF.")
        assert (notice.count() == 1) == (ouvrable[1] != continu[1])
    assert not visitor.context.cookies()


def test_the_tickets_of_the_table_typed_in_a_browser(visitor):
    assert visitor.goto("/perf/simulateur/") == 200
    page = visitor.page
    lines = "\n".join(declared for declared, _gti, _gtr in TICKETS)
    page.get_by_role("textbox", name="Tickets déclarés").press_sequentially(lines)
    page.get_by_role("button", name="Calculer").click()
    rows = page.get_by_role("table", name="Ligne par ligne").locator("tbody tr").all()
    due = [row.locator("td").all_inner_texts() for row in rows]
    assert due == [[gti, gtr] for _declared, gti, gtr in TICKETS]
