"""The list of the ASP or of Convergence, as people paste it."""

import pytest

from calendar_app.reading.deposit_list import MOST, read_list
from documents.reading.records import BadFile
from segur.lib.no_break import THIN


def lines_of(text):
    return [
        (one.number, one.dossier, one.finess, one.client, one.names, bool(one.wrong))
        for one in read_list(text.encode())
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASP-1\nASP-2", [(1, "", "", "", ("ASP-1",), False), (2, "", "", "", ("ASP-2",), False)]),
        ("N° de dossier;Montant\nASP-1;12,50", [(2, "ASP-1", "", "", (), False)]),
        ("FINESS\tClient\n99 900 018 4\tCH Nord", [(2, "", "999000184", "CH Nord", (), False)]),
        ("999000184;CH Nord", [(1, "", "999000184", "", ("CH Nord",), False)]),
        ('Dossier\n"mal fermé', [(2, "", "", "", (), True)]),
        ("Référence du dossier\n'=A1", [(2, "=A1", "", "", (), False)]),
        ("Dossier\n\n\nASP\u200b-9", [(4, "ASP-9", "", "", (), False)]),
    ],
)
def test_lines(text, expected):
    assert lines_of(text) == expected


def test_as_many_lines_as_allowed_and_no_more():
    lines = [f"ASP-{n}" for n in range(MOST)]
    assert len(read_list("\n".join(lines).encode())) == MOST
    with pytest.raises(BadFile, match=f"Plus de 1{THIN}000 lignes"):
        read_list("\n".join([*lines, "ASP"]).encode())


def test_two_columns_for_one_thing_are_refused():
    with pytest.raises(BadFile, match="Deux colonnes"):
        read_list(b"Dossier;Reference\n1;2")
