import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from segur.lib.tables import due_cells, guarded, to_csv, to_json, to_xlsx, unguarded

INSTANT = dt.datetime(2027, 6, 9, 10, 0, 5, tzinfo=dt.UTC)
HEADER = ["Nom", "Nombre", "Instant", "Jour"]
FORMULAS = [
    "=1+1",
    "+33",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "'=1",
    " =1",
    "\u00a0@A1",
    "\n=1",
]


def sheet(rows):
    book = load_workbook(io.BytesIO(to_xlsx("Pannes", HEADER, rows)))
    return book.active


def test_csv_opens_in_columns_with_its_accents():
    content = to_csv(HEADER, [["Nîmes; ville", 3, INSTANT, INSTANT.date()], ["", None, None, None]])
    assert content.startswith(b"\xef\xbb\xbfNom;Nombre;")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["Nîmes; ville", "3", "09/06/2027 12:00:05", "09/06/2027"]
    assert rows[2] == ["", "", "", ""]


def test_control_characters_kept_long_ago_stay_out_of_both_files():
    text = "Pan\x07ne\ufffe\uffff"
    assert sheet([[text, 1, INSTANT, None]])["A2"].value == "Panne"
    assert b"\nPanne\r" in to_csv(["a"], [[text]])


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_gets_in(text):
    line = to_csv(["a"], [[text]]).decode("utf-8-sig").split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")
    cell = sheet([[text, 1, INSTANT, None]])["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.strip() == text.strip()


@pytest.mark.parametrize("text", ["Écran", "a=b", "12", "l'arrêt", "'tis"])
def test_ordinary_text_is_left_alone(text):
    assert guarded(text) == text
    assert not sheet([[text, 1, None, None]])["A2"].quotePrefix


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("'=1+1", "=1+1"),
        ("''=1+1", "'=1+1"),
        ("'tis", "'tis"),
        ("=1+1", "=1+1"),
        ("", ""),
        ("'", "'"),
    ],
)
def test_only_the_apostrophe_that_guards_a_formula_is_taken_away(kept, read):
    assert unguarded(kept) == read


@given(st.text())
def test_what_was_guarded_is_read_as_it_was(text):
    assert unguarded(guarded(text)) == text


def test_xlsx_has_numbers_instants_of_paris_and_days():
    page = sheet([["a", 3, INSTANT, dt.date(2027, 6, 9)], ["#N/A", None, None, None]])
    assert page["B2"].value == 3
    assert page["C2"].value.isoformat() == "2027-06-09T12:00:05"
    assert page["D2"].value.isoformat() == "2027-06-09T00:00:00"
    assert page["A3"].value == "#N/A"
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:D3")
    assert page["A1"].font.bold


def test_characters_that_xlsx_forbids_are_left_out():
    assert sheet([["a\x01b", 1, None, None]])["A2"].value == "ab"


@given(st.lists(st.text(), min_size=1))
def test_any_text_makes_a_file(texts):
    assert sheet([[text, None, None, None] for text in texts]).max_row >= 1


def test_every_column_is_wide_enough_for_an_instant_and_no_other_is():
    columns = sheet([["a", 1, INSTANT, None]]).column_dimensions
    widths = {letter: columns[letter].width for letter in "ABCDE" if letter in columns}
    assert widths == dict.fromkeys("ABCD", 22)


def test_a_table_without_rows_has_its_titles():
    assert [cell.value for cell in sheet([])[1]] == HEADER
    assert sheet([]).auto_filter.ref == "A1:D1"
    assert to_csv(HEADER, []).decode("utf-8-sig") == "Nom;Nombre;Instant;Jour\r\n"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (dt.timedelta(hours=30), "30:00:00"),
        (dt.timedelta(hours=10, microseconds=1), "10:00:00.000001"),
        (dt.timedelta(0), "00:00:00"),
        (Decimal("0.5"), "0,5"),
        (Decimal(1), "1"),
        (INSTANT.replace(microsecond=7), "09/06/2027 12:00:05.000007"),
        (dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), "25/10/2026 02:30:00+0200"),
        (dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC), "25/10/2026 02:30:00+0100"),
        (dt.datetime(2026, 10, 25, 2, 0, tzinfo=dt.UTC), "25/10/2026 03:00:00"),
    ],
)
def test_csv_writes_numbers_and_hours_the_french_way(cell, written):
    assert to_csv(["a"], [[cell]]).decode("utf-8-sig").split("\r\n")[1] == written


def test_durations_and_decimals_are_numbers_in_a_workbook():
    row = sheet([["a", Decimal("0.5"), dt.timedelta(hours=30, seconds=1), None]])[2]
    assert (row[1].value, row[1].data_type) == (0.5, "n")
    assert row[2].value == dt.timedelta(hours=30, seconds=1)
    assert row[2].number_format == "[h]:mm:ss"


@pytest.mark.parametrize(
    ("due_at", "cells"),
    [
        (dt.datetime(2026, 12, 14, 23, tzinfo=dt.UTC), (dt.date(2026, 12, 14), "24h")),
        (dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC), (dt.date(2027, 6, 9), "12h")),
        (dt.datetime(2027, 6, 9, 22, 1, tzinfo=dt.UTC), (dt.date(2027, 6, 10), "0h01")),
        (None, (None, None)),
    ],
)
def test_a_legal_date_is_its_last_day_and_its_hour(due_at, cells):
    assert due_cells(due_at) == cells


@pytest.mark.parametrize(
    ("instant", "value"),
    [
        (INSTANT, dt.datetime(2027, 6, 9, 12, 0, 5)),  # noqa: DTZ001  (the clock of Paris)
        (INSTANT.replace(microsecond=7), "09/06/2027 12:00:05.000007"),
        (dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC), "25/10/2026 02:30:00+0100"),
    ],
)
def test_an_instant_that_a_workbook_cannot_hold_is_text(instant, value):
    assert sheet([["a", 1, instant, None]])["C2"].value == value


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "=1+1"),
        ("a\x0bb", "a b"),
        (3, 3),
        (None, None),
        (Decimal("0.10"), "0.10"),
        (dt.timedelta(hours=30, microseconds=1), 108000.000001),
        (dt.date(2027, 6, 9), "2027-06-09"),
        (dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC), "2027-06-09T12:00:00+02:00"),
    ],
)
def test_json_keeps_numbers_and_writes_days_and_instants_as_iso_8601(cell, written):
    assert json.loads(to_json(["a"], [[cell]])) == [{"a": written}]


def test_a_workbook_says_its_language_and_title_and_repeats_its_titles_on_paper():
    book = load_workbook(io.BytesIO(to_xlsx("Pannes", HEADER, [["Nîmes", 3, None, None]])))
    assert (book.properties.language, book.properties.title) == ("fr", "Pannes")
    assert book.active.print_title_rows == "$1:$1"
