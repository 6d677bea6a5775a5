"""Every form in which a spreadsheet saves the same table says the same thing to every import."""

import codecs
import contextlib
import csv
import datetime as dt
import io

import pytest
from openpyxl import Workbook

from imports.services.kinds import KINDS
from imports.services.plans import FileImport
from tests.imports.files import NOW, choose  # noqa: F401  (NOW is of the fixture «stopped»)
from tests.imports.people import someone_who_may
from tests.pages import text

pytestmark = pytest.mark.usefixtures("calendars", "stopped")
FILE_KINDS = [kind for kind in KINDS.values() if isinstance(kind, FileImport)]


def delimited(rows, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def typed(cell):
    """As a spreadsheet keeps what a person types: an instant, a day, a month or a number."""
    for form in ("%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%Y"):
        with contextlib.suppress(ValueError):
            moment = dt.datetime.strptime(cell, form)  # noqa: DTZ007  (a workbook has no zone)
            return moment if "%H" in form else moment.date()
    return int(cell) if cell.isdecimal() else cell or None


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append([typed(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def forms(rows):
    yield "UTF-8", delimited(rows, ";").encode()
    yield "UTF-8 with its mark", codecs.BOM_UTF8 + delimited(rows, ";").encode()
    yield "Windows-1252", delimited(rows, ";").encode("cp1252")
    yield "commas", delimited(rows, ",").encode()
    yield "tabs", delimited(rows, "\t").encode()
    yield "UTF-16, the «Texte Unicode» of Excel", delimited(rows, "\t").encode("utf-16")
    yield "workbook", workbook(rows)


def answered(client, user, kind, content):
    """What the page says of the file: each cell that is refused, or that nothing is."""
    answer = choose(client, user, kind.code, content)
    assert answer.status_code == 422, text(answer)
    assert answer.context["plan"] is not None, text(answer)
    return [(one.line, one.column, one.sentence) for one in answer.context["problems"]]


@pytest.mark.parametrize("kind", FILE_KINDS, ids=lambda kind: kind.code)
def test_every_form_of_one_table_is_read_alike(client, kind):
    """The template, whose lines name what is not there: refused at the same cells, in one way."""
    user = someone_who_may(kind)
    titles = [str(column.label) for column in kind.columns.values()]
    rows = [titles, *kind.examples]
    found = {name: answered(client, user, kind, content) for name, content in forms(rows)}
    assert all(problems == found["UTF-8"] for problems in found.values()), found


@pytest.mark.parametrize("kind", FILE_KINDS, ids=lambda kind: kind.code)
def test_a_word_with_an_accent_is_shown_as_it_was_written_in_every_encoding(client, kind):
    """In the first column that is free text, in a line that nothing names."""
    user = someone_who_may(kind)
    titles = [str(column.label) for column in kind.columns.values()]
    rows = [titles, ["Dépôt à l'œuvre" for _title in titles]]
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        answer = choose(client, user, kind.code, delimited(rows, ";").encode(encoding))
        assert "Dépôt à l'œuvre" in text(answer).replace("’", "'"), encoding
