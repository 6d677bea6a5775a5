"""The programme for the ministry: one page of paper, and a workbook."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.display import programme as display
from calendar_app.display.programme import ON_PAPER, programme_pdf
from calendar_app.rules.board import BoardCell, BoardRow, BoardSection, BoardTable
from tests import pdfs

NOW = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)


def table(code, rows, columns, *, shown=0):
    cells = [BoardCell(count) for count in range(columns)]
    names = [f"Ligne {n} au nom assez long pour deux lignes" for n in range(rows)]
    return BoardTable(
        code,
        "Légende",
        "Ligne",
        [f"Colonne {n}" for n in range(columns)],
        [BoardRow(name, cells) for name in names],
        shown=shown,
    )


def test_the_paper_has_one_page_whatever_the_park():
    """Three hundred éditeurs, three hundred late organisations, twelve milestones."""
    sections = [
        BoardSection("retards", "Retards", "Une phrase.", [table("retards", 300, 2, shown=10)]),
        BoardSection("jalons", "Jalons", "", [table("jalons", 12, 8)]),
        BoardSection("editeurs", "Éditeurs", "", [table("editeurs", 300, 6, shown=10)]),
        *(BoardSection(f"s{n}", f"Section {n}", "", [table(f"s{n}", 3, 5)]) for n in range(6)),
    ]
    [page] = pdfs.pages(programme_pdf(sections, made_at=NOW))
    assert f"et {300 - ON_PAPER} autres" in page
    assert "Chiffres comptés le 01/03/2027 à 10h (heure de Paris)" in page
    assert pdfs.claims(programme_pdf(sections, made_at=NOW))["is_tagged"]


@pytest.mark.usefixtures("demo")
def test_page_paper_and_workbook_have_the_same_figures(client):
    client.force_login(User.objects.get(email=cast.AGENT.email))
    [page] = pdfs.pages(client.get("/programme.pdf").content)
    assert "Qui est en retard" in page
    book = load_workbook(io.BytesIO(client.get("/programme.xlsx").content))
    shown = {one.table.code: one for part in _parts(client) for one in part.tables}
    assert set(book.sheetnames) == set(shown)
    for row, cells in shown["jalons"].lines:
        found = next(line for line in book["jalons"].values if line[0] == row.label)
        assert list(found[2:]) == [cell.count for _column, cell in cells]


def test_a_table_of_two_rows_and_many_columns_stands_upright():
    upright = display.shown(table("pv", 2, 4), whole=False)
    assert [row.label for row, _cells in upright.lines] == [f"Colonne {n}" for n in range(4)]
    assert len(upright.columns) == 2
    assert display.shown(table("pv", 3, 4), whole=False).columns == table("pv", 3, 4).columns


def _parts(client):
    return client.get("/programme/").context["parts"].sections
