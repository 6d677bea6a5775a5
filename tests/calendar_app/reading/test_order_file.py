import datetime as dt
import io

import pytest
from openpyxl import Workbook

from calendar_app.reading.order_file import COLUMNS, read_orders
from calendar_app.rules.order_lines import MAX_LINES
from documents.reading.records import BadFile
from segur.lib.no_break import THIN
from segur.lib.tables import to_csv, to_xlsx


def read_lines(text):
    return read_orders(text.encode())


def test_lines_of_a_spreadsheet_with_heading_blanks_and_quotes():
    text = 'FINESS;BDC\n999000184;BDC-1\n\n 999 000 289 ;"BDC-2"\n2A0000014;BDC-3;;\n'

    lines = read_lines(text)

    assert [(x.number, x.finess, x.order_reference, x.error) for x in lines] == [
        (2, "999000184", "BDC-1", ""),
        (4, "999000289", "BDC-2", ""),
        (5, "2A0000014", "BDC-3", ""),
    ]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("05/11/2026 17:42", dt.datetime(2026, 11, 5, 16, 42, tzinfo=dt.UTC)),
        ("10/11/2026 11:59:59", dt.datetime(2026, 11, 10, 10, 59, 59, tzinfo=dt.UTC)),
        ("05/11/2026 17h42", dt.datetime(2026, 11, 5, 16, 42, tzinfo=dt.UTC)),
        ("05/11/2026 9h", dt.datetime(2026, 11, 5, 8, tzinfo=dt.UTC)),
        ("05/11/2026 à 9h05", dt.datetime(2026, 11, 5, 8, 5, tzinfo=dt.UTC)),
        ("08/06/2026 12h", dt.datetime(2026, 6, 8, 10, tzinfo=dt.UTC)),
    ],
)
def test_the_deposit_is_an_hour_of_paris(text, instant):
    [line] = read_lines(f"999000184;;{text};ASP-1")

    assert (line.deposited_at, line.deposit_reference, line.error) == (instant, "ASP-1", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("75071218;BDC-1", "perdu le zéro du début"),
        ("BDC-1;999000184", "Indiquez le FINESS"),
        (";BDC-1", "Indiquez le FINESS"),
        ("9990001845", "9 caractères"),
        (f"999000184;{'x' * 61}", "dépasse 60"),
        (f"999000184;;05/11/2026 9h;{'x' * 81}", "dépasse 80"),
        ("999000184;BDC-1;;ASP-1", "sans date de dépôt"),
        ("999000184;BDC-1;05/11/2026;ASP-1", "écrivez le jour et l'heure"),
        ("999000184;BDC-1;2026-11-05 17:42", "écrivez le jour et l'heure"),
        ("999000184;BDC-1;31/02/2026 17:42", "n'existe pas"),
        ("999000184;BDC-1;05/11/2026 25:00", "n'existe pas"),
        ("999000184;BDC-1;01/01/0001 00:05", "n'existe pas"),
        ("999000184;BDC-1;05/11/2026 11:59:60", "n'existe pas"),
        ("999000184;BDC-1;05/11/2026 17h:42", "écrivez le jour et l'heure"),
        ("999000184;BDC-1;05/11/2026 00:00", "Précisez l'heure"),
        ("999000184;BDC-1;05/11/2026 9h;ASP-1;de trop", "Trop de colonnes"),
    ],
)
def test_what_is_wrong_is_shown_by_line(text, says):
    first, second = read_lines(f"999000289;BDC-0\n{text}")

    assert (first.error, second.number) == ("", 2)
    assert says in second.error


def test_the_longest_references_are_taken():
    order, receipt = "x" * 60, "y" * 80
    [line] = read_lines(f"999000184;{order};05/11/2026 9h;{receipt}")

    assert (line.order_reference, line.deposit_reference, line.error) == (order, receipt, "")


def test_a_client_twice_is_shown_with_its_first_line():
    lines = read_lines("999000184;A\n999000289;B\n999 000 184;C\n999000184;D")

    assert [line.error for line in lines] == [
        "",
        "",
        "Ce FINESS est déjà à la ligne 1.",
        "Ce FINESS est déjà à la ligne 1.",
    ]


def test_a_first_line_of_data_may_hold_the_word_of_a_title():
    [line] = read_lines("999000184;BDC")
    assert (line.number, line.order_reference) == (1, "BDC")


@pytest.mark.parametrize("text", ["FINESS;BDC\n", ";;;"])
def test_nothing_is_nothing(text):
    assert read_lines(text) == []


@pytest.mark.parametrize("text", ["", "\n\n", "Nom;BDC\nCH;1", "FINESS;N° FINESS\n1;2"])
def test_a_list_without_a_finess_is_refused_whole(text):
    with pytest.raises(BadFile):
        read_lines(text)


def test_as_many_lines_as_allowed_and_no_more():
    lines = "\n".join(f"{750000000 + n}" for n in range(MAX_LINES))
    assert len(read_lines(lines)) == MAX_LINES
    with pytest.raises(BadFile, match=f"Plus de 20{THIN}000 lignes"):
        read_lines(f"{lines}\n760000000")


def client_of(line):
    return (line.finess, line.name, line.city, line.siret)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("write", [to_csv, lambda *rows: to_xlsx("L", *rows)])
def test_the_template_is_read_in_any_order(write, encoding):
    header = [COLUMNS[2], COLUMNS[0], COLUMNS[1]]
    content = write(header, [["Évry", "910000017", "Clinique de l'Étang"]])
    if content[:3] == b"\xef\xbb\xbf":
        content = content.decode("utf-8-sig").encode(encoding)
    [line] = read_orders(content)
    assert client_of(line) == ("910000017", "Clinique de l'Étang", "Évry", "")


BARE = (
    "finess;etalab;93;2026-01-08\n"
    "structureet;010000024;010780054;CH DE FLEYRIAT;CENTRE HOSPITALIER DE FLEYRIAT;;;900;RTE;"
    "DE PARIS;;;451;01;AIN;01440 BOURG EN BRESSE CEDEX 2;0474454647;;355;CH;1102;CH;"
    "26010004500012;8610Z;03;ARS;1;PSPH;1979-02-13;1979-02-13;2020-02-04;\n"
    "geolocalisation;010000024;870215.7;6571590.5;1,ATLASANTE;2026-01-08\n"
)
TITLED = (
    "nofinesset;nofinessej;rs;rslongue;commune;ligneacheminement;siret\n"
    "010000024;010780054;CH DE FLEYRIAT;CENTRE HOSPITALIER DE FLEYRIAT;451;"
    "01440 BOURG EN BRESSE CEDEX 2;26010004500012\n"
)


@pytest.mark.parametrize(("text", "number"), [(BARE, 2), (TITLED, 2)])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_an_extract_of_the_directory_gives_name_commune_and_siret(text, number, encoding):
    [line] = read_orders(text.encode(encoding))
    assert (line.number, line.error) == (number, "")
    assert client_of(line) == (
        "010000024",
        "CENTRE HOSPITALIER DE FLEYRIAT",
        "BOURG EN BRESSE",
        "26010004500012",
    )


def test_a_formula_is_refused_in_its_cell():
    book = Workbook()
    book.active.append(["FINESS", "Nom"])
    book.active.append(["999000184", "=A1"])
    out = io.BytesIO()
    book.save(out)
    [line] = read_orders(out.getvalue())
    assert (line.column, "formule" in line.error) == ("nom", True)


def test_cells_are_read_without_what_cannot_be_seen():
    [line] = read_lines("99900018４\u200b;BDC\u2011\ufeff1;０5/11/2026\u202f17:42;\u202eASP-1")

    assert (line.finess, line.order_reference, line.deposit_reference, line.error) == (
        "999000184",
        "BDC-1",
        "ASP-1",
        "",
    )


@pytest.mark.parametrize(
    ("again", "sentence"),
    [
        ("999000184\u200b", " : les deux ne diffèrent que par un caractère invisible (U+200B)."),
        ("999 000 184", "."),
        ("９99000184", "."),
    ],
)
def test_two_lines_of_one_finess_name_the_first_and_what_cannot_be_seen(again, sentence):
    _first, second = read_lines(f"999000184;BDC-1\n{again};BDC-2")

    assert second.error == f"Ce FINESS est déjà à la ligne 1{sentence}"
