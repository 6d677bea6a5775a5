import datetime as dt

import pytest

from calendar_app.rules.order_lines import read_lines


def test_lines_of_a_spreadsheet_with_heading_blanks_quotes_and_tabs():
    text = 'FINESS;BDC\n750712184;BDC-1\n\n 440 000 289 ;"BDC-2"\n2A0000014\tBDC-3\t\t\n'

    lines = read_lines(text)

    assert [(x.number, x.finess, x.order_reference, x.error) for x in lines] == [
        (2, "750712184", "BDC-1", ""),
        (4, "440000289", "BDC-2", ""),
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
    [line] = read_lines(f"750712184;;{text};ASP-1")

    assert (line.deposited_at, line.deposit_reference, line.error) == (instant, "ASP-1", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("75071218;BDC-1", "perdu le zéro du début"),
        ("BDC-1;750712184", "La première colonne est le FINESS"),
        (";BDC-1", "La première colonne est le FINESS"),
        ("7507121845", "9 caractères"),
        (f"750712184;{'x' * 61}", "dépasse 60"),
        (f"750712184;;05/11/2026 9h;{'x' * 81}", "dépasse 80"),
        ("750712184;BDC-1;;ASP-1", "sans date de dépôt"),
        ("750712184;BDC-1;05/11/2026;ASP-1", "écrivez le jour et l'heure"),
        ("750712184;BDC-1;2026-11-05 17:42", "écrivez le jour et l'heure"),
        ("750712184;BDC-1;31/02/2026 17:42", "n'existe pas"),
        ("750712184;BDC-1;05/11/2026 25:00", "n'existe pas"),
        ("750712184;BDC-1;01/01/0001 00:05", "n'existe pas"),
        ("750712184;BDC-1;05/11/2026 11:59:60", "n'existe pas"),
        ("750712184;BDC-1;05/11/2026 17h:42", "écrivez le jour et l'heure"),
        ("750712184;BDC-1;05/11/2026 00:00", "Précisez l'heure"),
        ("750712184;BDC-1;05/11/2026 9h;ASP-1;de trop", "Trop de colonnes"),
    ],
)
def test_what_is_wrong_is_said_by_line(text, says):
    first, second = read_lines(f"440000289;BDC-0\n{text}")

    assert (first.error, second.number) == ("", 2)
    assert says in second.error


def test_the_longest_references_are_taken():
    order, receipt = "x" * 60, "y" * 80
    [line] = read_lines(f"750712184;{order};05/11/2026 9h;{receipt}")

    assert (line.order_reference, line.deposit_reference, line.error) == (order, receipt, "")


def test_a_client_twice_is_said_with_its_first_line():
    lines = read_lines("750712184;A\n440000289;B\n750 712 184;C\n750712184;D")

    assert [line.error for line in lines] == [
        "",
        "",
        "Ce FINESS est déjà à la ligne 1.",
        "Ce FINESS est déjà à la ligne 1.",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "FINESS;BDC\n", ";;;"])
def test_nothing_is_nothing(text):
    assert read_lines(text) == []


def test_cells_are_read_without_what_cannot_be_seen():
    [line] = read_lines("75071218４\u200b;BDC\u2011\ufeff1;０5/11/2026\u202f17:42;\u202eASP-1")

    assert (line.finess, line.order_reference, line.deposit_reference, line.error) == (
        "750712184",
        "BDC-1",
        "ASP-1",
        "",
    )


@pytest.mark.parametrize(
    ("again", "sentence"),
    [
        ("750712184\u200b", " : les deux ne diffèrent que par un caractère invisible (U+200B)."),
        ("750 712 184", "."),
        ("７50712184", "."),
    ],
)
def test_two_lines_of_one_finess_name_the_first_and_what_cannot_be_seen(again, sentence):
    _first, second = read_lines(f"750712184;BDC-1\n{again};BDC-2")

    assert second.error == f"Ce FINESS est déjà à la ligne 1{sentence}"
