"""CSV and workbooks as records: what is read of their form, and what bounds it."""

import io
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from documents.reading import records as reader
from documents.reading.records import BadFile, BadRecord, records


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(content):
    found: list[Any] = list(records(content))
    return [(line, [cell for cell in cells if cell]) for line, cells in found]


CONTENT = workbook(["service", "fin"], ["svc", "x"], [None, " "], ["svc", 12])


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\na;b\r\nc;d",
        "SEP=;\na;b\nc;d",
        '"sep=;"\na;b\nc;d',
        "sep=;;;;\na;b\nc;d",
        "\ufeffsep=|\na|b\nc|d",
        "sep=\t\na\tb\nc\td",
        "sep=,\na,b\nc,d",
    ],
)
def test_the_separator_that_the_first_line_says_is_used_and_lines_keep_their_numbers(text):
    assert list(records(text.encode())) == [(2, ["a", "b"]), (3, ["c", "d"])]


def test_a_line_has_fifty_columns_and_no_more_but_blank_ones():
    assert list(records(b"a;b" + b";" * 60 + b"\n1;2")) == [
        (1, ["a", "b", *[""] * 48]),
        (2, ["1", "2"]),
    ]
    [(_line, cells)] = filled(b";".join([b"a"] * 50))
    assert len(cells) == 50
    with pytest.raises(BadFile, match="La ligne 2 a plus de 50 colonnes"):
        list(records(b"a\n" + b";".join([b"a"] * 51)))


def test_a_row_of_a_workbook_has_a_number_that_the_format_knows(monkeypatch):
    """openpyxl gives a blank row for each number before it."""
    monkeypatch.setattr(reader, "MAX_LINES", 5)
    assert len(filled(workbook(*[["a"]] * 5))) == 5
    with pytest.raises(BadFile, match="plus de 5 lignes, vides comprises"):
        filled(numbered(workbook(["a"]), b"6"))


def numbered(content, number):
    """The workbook, whose first row says this number."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name).replace(b'<row r="1"', b'<row r="%s"' % number)
            target.writestr(name, part.replace(b'r="A1"', b'r="A%s"' % number))
    return out.getvalue()


def test_cells_pasted_from_a_spreadsheet_are_separated_by_tabs():
    assert list(records(b"a\tb\nc;1\td")) == [(1, ["a", "b"]), (2, ["c;1", "d"])]


def test_a_title_that_begins_like_it_is_a_title():
    assert list(records(b"sep=x;b\nc;d")) == [(1, ["sep=x", "b"]), (2, ["c", "d"])]


def test_a_line_that_cannot_be_cut_does_not_hide_the_next_ones():
    found: list[Any] = list(records(b'a;b\n"x"y;z\nc;d'))
    assert isinstance(found[1], BadRecord)
    assert (found[0][0], found[1].line, found[2][0]) == (1, 2, 3)


def test_the_rows_of_a_workbook_that_are_not_blank_have_its_numbers():
    assert filled(CONTENT) == [
        (1, ["service", "fin"]),
        (2, ["svc", "x"]),
        (4, ["svc", "12"]),
    ]


def repacked(content, change):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return out.getvalue()


def entities(name, data):
    if name != "xl/worksheets/sheet1.xml":
        return data
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{levels}]><worksheet>&e9;</worksheet>'.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04\x14\x00",
        CONTENT[: len(CONTENT) // 2],
        repacked(CONTENT, lambda name, data: data if "sheet1" not in name else None),
        repacked(CONTENT, lambda name, data: data if "workbook" not in name else None),
        repacked(CONTENT, lambda name, data: data[:-20] if "sheet1" in name else data),
        repacked(CONTENT, lambda name, data: b"x" if name == "[Content_Types].xml" else data),
        repacked(CONTENT, entities),
    ],
)
def test_a_workbook_that_does_not_open_is_refused_with_a_sentence(content):
    with pytest.raises(BadFile, match="Ce classeur ne s'ouvre pas"):
        list(records(content))


def test_a_workbook_is_refused_by_what_it_becomes_once_unpacked(monkeypatch):
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    monkeypatch.setattr(reader, "MAX_UNPACKED", unpacked)
    assert list(records(CONTENT))
    monkeypatch.setattr(reader, "MAX_UNPACKED", unpacked - 1)
    with pytest.raises(BadFile, match="trop grand une fois ouvert"):
        list(records(CONTENT))


@pytest.mark.parametrize("bound", ["MAX_MARKS", "MAX_FRAME_MARKS"])
def test_a_workbook_is_refused_by_what_its_parts_hold_before_it_is_parsed(monkeypatch, bound):
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    tables = ("xl/worksheets/", "xl/sharedStrings")
    counted = [
        data for name, data in parts.items() if bound == "MAX_MARKS" or not name.startswith(tables)
    ]
    marks = sum(data.count(b"<") + data.count(b"=") for data in counted)
    monkeypatch.setattr(reader, bound, marks)
    assert list(records(CONTENT))
    monkeypatch.setattr(reader, bound, marks - 1)
    with pytest.raises(BadFile, match="trop de cellules ou de mises en forme"):
        list(records(CONTENT))


def rewritten(**parts):
    """CONTENT with other parts, and references to its sheet as `sheet1.dat`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as known, zipfile.ZipFile(out, "w") as made:
        for name in known.namelist():
            data = parts.get(name.rpartition("/")[2].partition(".")[0], known.read(name))
            made.writestr(
                name.replace("sheet1.xml", "sheet1.dat"), data.replace(b"sheet1.xml", b"sheet1.dat")
            )
    return out.getvalue()


def test_a_sheet_under_any_name_is_counted(monkeypatch):
    cells = b"<c><v>1</v></c>" * 2_000
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b"<row>" + cells + b"</row></sheetData></worksheet>"
    )
    assert list(records(rewritten(sheet1=sheet)))
    monkeypatch.setattr(reader, "MAX_MARKS", 8_000)
    with pytest.raises(BadFile, match="trop de cellules"):
        list(records(rewritten(sheet1=sheet)))


def test_a_part_whose_tags_cannot_be_counted_is_refused():
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as known:
        styles = known.read("xl/styles.xml")
    head = b'<?xml version="1.0" encoding="UTF-7"?>'
    body = styles.replace(b"<", b"+ADw-").replace(b"=", b"+AD0-")
    with pytest.raises(BadFile, match="ne s'ouvre pas"):
        list(records(rewritten(styles=head + body)))
    head = b"<?xml version='1.0' encoding = 'utf-8'?>"
    assert list(records(rewritten(styles=head + styles)))


def test_twenty_thousand_outages_are_well_within_the_bounds():
    row = [f"PANNE-{'1' * 8}", "ARC-STRASBOURG", *["12/11/2026 10:00:00"] * 2, *["Texte"] * 8]
    marks = reader._marks
    content = workbook(*[row] * 2_000)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tenth = sum(marks(archive, member) for member in archive.infolist())
    assert tenth * 10 <= reader.MAX_MARKS


def test_a_cell_in_the_last_column_does_not_widen_every_row():
    book = Workbook()
    book.active.append(["a"])
    book.active.cell(3, 16_384, "z")
    book.active.cell(4, reader.MAX_COLUMNS, "last")
    out = io.BytesIO()
    book.save(out)
    assert filled(out.getvalue()) == [(1, ["a"]), (4, ["last"])]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(CONTENT) - 1), st.binary(min_size=1, max_size=40))
@pytest.mark.filterwarnings("ignore")
def test_no_bytes_break_a_workbook(at, junk):
    garbled = CONTENT[:at] + junk + CONTENT[at + len(junk) :]
    with suppress(BadFile):
        assert all(isinstance(record, tuple | BadRecord) for record in records(garbled))
