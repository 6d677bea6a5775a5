"""Amounts pasted from a spreadsheet."""

import pytest

from calendar_app.rules.amount_lines import COLUMNS, read_lines

FINESS = "999000184"


@pytest.mark.parametrize(
    ("line", "dispositif", "advance", "balance"),
    [
        (f"{FINESS};3 000,00;7 000,00", "", 3_000_00, 7_000_00),
        (f"{FINESS};RIS;3000;7000,5", "RIS", 3_000_00, 7_000_50),
        (f"{FINESS}\tDRIMbox\t\t7000 €", "DRIMbox", None, 7_000_00),
        ('"99 900 018 4";;12.345,67;', "", 12_345_67, None),
        ("2A0712184;1;2", "", 1_00, 2_00),
    ],
)
def test_good_lines(line, dispositif, advance, balance):
    [found] = read_lines(line)
    assert found.error == ""
    assert (found.dispositif, found.advance, found.balance) == (dispositif, advance, balance)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("75071218;1;2", "La première colonne est le FINESS"),
        (f"{FINESS};1", COLUMNS),
        (f"{FINESS};RIS;1;2;3", COLUMNS),
        (f"{FINESS};RIS;;", "Aucun montant"),
        (f"{FINESS};RIS;mille;2", "écrivez un montant"),
        (f"{FINESS};RIS;-1;2", "écrivez un montant"),
    ],
)
def test_bad_lines_say_what_to_write(line, error):
    [found] = read_lines(line)
    assert error in found.error


def test_the_heading_and_blank_lines_are_skipped():
    found = read_lines(f"FINESS;Avance;Solde\n\n{FINESS};1;2\n;;\n")
    assert [one.number for one in found] == [3]


def test_a_second_line_of_one_prestation_is_refused():
    text = f"{FINESS};RIS;1;2\n{FINESS};DRIMbox;1;2\n{FINESS};ris;3;4"
    assert [one.error for one in read_lines(text)] == [
        "",
        "",
        "Ce FINESS est déjà à la ligne 1.",
    ]
