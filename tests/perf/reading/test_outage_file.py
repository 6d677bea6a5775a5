"""Files of outages: bytes in, rows and problems out, never an exception of another kind."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perf.enums import OutageNature, Source
from perf.reading import outage_file
from perf.reading.outage_file import REQUIRED, BadFile, LineProblem, read

HEADER = ",".join(REQUIRED)
LINE = "drim-1,2027-01-15T18:00:00+01:00,2027-01-18T10:00:00+01:00,FOURNISSEUR,INC-1,Disque"
START = dt.datetime(2027, 1, 15, 17, tzinfo=dt.UTC)
END = dt.datetime(2027, 1, 18, 9, tzinfo=dt.UTC)


def file(*lines, header=HEADER):
    return "\n".join([header, *lines]).encode()


def one(**cells):
    values = dict(zip(REQUIRED, LINE.split(","), strict=True)) | cells
    return file(",".join(values[name] for name in REQUIRED))


def test_a_line_is_an_outage():
    [row], problems = read(file(LINE))
    assert not problems
    assert (row.line, row.service, row.started_at, row.ended_at) == (2, "drim-1", START, END)
    assert (row.source, row.reference, row.cause, row.nature) == (
        Source.SUPPLIER,
        "INC-1",
        "Disque",
        None,
    )


SPREADSHEET = "\r\n".join([HEADER.replace(",", ";"), LINE.replace(",", ";"), ""])


@pytest.mark.parametrize(
    "content",
    [
        file(LINE),
        SPREADSHEET.encode(),
        SPREADSHEET.encode("utf-8-sig"),
        SPREADSHEET.encode("cp1252"),
        SPREADSHEET.replace("\r\n", "\r").encode(),
        file("", LINE, "", ",,,,,", "   "),
        b"\n\n" + file(LINE),
        file(LINE, header='"Service", STARTED_AT ,ended_at,source,reference,"cause"'),
        file(LINE.replace("Disque", '"Disque"')),
        file(LINE + ",,", header=HEADER + ",,"),
        file(LINE.replace("FOURNISSEUR", "fournisseur")),
        file(LINE.removesuffix(",Disque")),
        file(LINE, header="Service,Début,Fin,Source,Référence,Cause"),
        file(
            LINE,
            header="CODE,DEBUT (heure de Paris),fin (à l’heure de Paris),source,reference,Cause",
        ),
        file(LINE + ",oui", header=f"{HEADER},Comptée dans D_f"),
        file(LINE, header=f"{HEADER},nature,Version comptée"),
    ],
)
def test_the_same_outage_in_every_dress(content):
    [row], problems = read(content)
    assert not problems
    assert (row.started_at, row.ended_at, row.reference) == (START, END, "INC-1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_accents_are_right_whatever_the_encoding(encoding):
    text = file(LINE.replace("Disque", "Écran gelé à Nîmes")).decode()
    [row], _problems = read(text.encode(encoding))
    assert row.cause == "Écran gelé à Nîmes"


def test_columns_come_in_any_order_with_the_nature_and_those_of_our_exports():
    header = (
        "client,nature,cause,reference,source,ended_at,started_at,service,situation,comptee,"
        "version_comptee"
    )
    line = "CH,maintenance,Mise à jour,M-1,ANS,,15/01/2027 18:00,drim-1,Retenue,oui,non"
    [row], problems = read(file(line, header=header))
    assert not problems
    assert (row.nature, row.source, row.started_at) == (OutageNature.MAINTENANCE, Source.ANS, START)
    assert row.ended_at is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2027-01-15T17:00:00Z", START),
        ("2027-01-15 18:00:00+0100", START),
        ("2027-01-15T18:00+01:00", START),
        ("15/01/2027 18:00", START),
        ("15/01/2027 18:00:30", START + dt.timedelta(seconds=30)),
        ("15/01/2027\u00a018h00", START),
        ("2027-01-15T17:00:00.000001Z", START + dt.timedelta(microseconds=1)),
        ("2026-10-25T02:30:00+02:00", dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)),
        ("2026-10-25T02:30:00+01:00", dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)),
        ("14/07/2027 09:00", dt.datetime(2027, 7, 14, 7, tzinfo=dt.UTC)),
    ],
)
def test_instants_that_are_understood(text, instant):
    [row], problems = read(one(started_at=text, ended_at=""))
    assert not problems
    assert row.started_at == instant


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"started_at": "2027-01-15T18:00:00"}, "started_at", "n'a pas de décalage"),
        ({"started_at": "2027-01-15 18:00"}, "started_at", "n'a pas de décalage"),
        ({"ended_at": "2027-01-18T10:00"}, "ended_at", "n'a pas de décalage"),
        ({"started_at": "2027-01-15T18:00:00.1234567"}, "started_at", "n'a pas de décalage"),
        ({"started_at": "25/10/2026 02:30"}, "started_at", "existe deux fois"),
        ({"started_at": "25/10/2026 02:30"}, "started_at", "2026-10-25T02:30:00+02:00"),
        ({"started_at": "28/03/2027 02:30"}, "started_at", "n'existe pas : les horloges"),
        ({"started_at": ""}, "started_at", "Il manque un jour et une heure"),
        ({"started_at": "15/01/2027"}, "started_at", "L'heure manque"),
        ({"started_at": "15/01/27 18:00"}, "started_at", "quatre chiffres"),
        ({"started_at": "31/02/2027 18:00"}, "started_at", "n'existe pas"),
        ({"started_at": "01/15/2027 18:00"}, "started_at", "n'existe pas"),
        ({"started_at": "hier"}, "started_at", "n'est pas un jour et une heure"),
        ({"started_at": "9" * 100}, "started_at", "n'est pas un jour et une heure"),
        ({"started_at": "15/01/1999 18:00"}, "started_at", "hors des années calculées"),
        ({"ended_at": "15/01/2027 25:00"}, "ended_at", "n'existe pas"),
        ({"source": "SUPERVISION"}, "source", "Écrivez ANS, FOURNISSEUR, CLIENT, IMPORT."),
        ({"source": ""}, "source", "Cette case est vide."),
        ({"reference": " "}, "reference", "Cette case est vide."),
        ({"service": ""}, "service", "Cette case est vide."),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(cells, column, sentence):
    rows, [problem] = read(one(**cells))
    assert not rows
    assert (problem.line, problem.column) == (2, column)
    assert sentence in problem.sentence
    assert problem.sentence.endswith(".")


def test_all_the_cells_of_a_line_are_named_at_once():
    _rows, problems = read(file("drim-1,hier,demain,X,,"))
    assert [p.column for p in problems] == ["ended_at", "reference", "source", "started_at"]


def test_lines_are_those_of_the_file_blank_and_quoted_ones_included():
    quoted = LINE.replace("Disque", '"deux\nlignes ""ici"""').replace("INC-1", "INC-2")
    wrong = LINE.replace("INC-1", "")
    rows, [problem] = read(file("", LINE, quoted, "", wrong))
    assert [row.line for row in rows] == [3, 4]
    assert rows[1].cause == 'deux\nlignes "ici"'
    assert problem.line == 7


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (LINE + ",de trop", "7 colonnes au lieu de 6."),
        ("drim-1,2027-01-15T18:00:00Z", "2 colonnes au lieu de 6."),
        (LINE.removesuffix(",INC-1,Disque"), "4 colonnes au lieu de 6."),
        (LINE.replace("Disque", '"Disque" dur'), "guillemets"),
        (LINE.replace("Disque", '"Disque'), "guillemets"),
        (LINE.replace("Disque", "x" * 200_000), "guillemets"),
    ],
)
def test_a_line_of_another_shape_is_named(line, sentence):
    other = LINE.replace("INC-1", "INC-0")
    rows, [problem] = read(file(other, line))
    assert [row.reference for row in rows] == ["INC-0"]
    assert (problem.line, problem.column) == (3, "")
    assert sentence in problem.sentence


def test_a_reference_given_twice_names_both_lines():
    elsewhere = LINE.replace("drim-1", "drim-2")
    from_client = LINE.replace("FOURNISSEUR", "CLIENT")
    rows, problems = read(file(LINE, elsewhere, from_client, LINE))
    assert len(rows) == 4
    [problem] = problems
    assert problem.line == 5
    assert "déjà à la ligne 2" in problem.sentence


@pytest.mark.parametrize(
    "cells",
    [
        {"started_at": "\u200b15/01/2027 18:00"},
        {"started_at": "１５/01/2027\u202f18:00"},
        {"ended_at": "2027\u201101\u201118T10:00:00+01:00\ufeff"},
        {"service": "\u2060drim-1"},
        {"source": "FOURNIS\u00adSEUR"},
        {"reference": "INC\u200d-１"},
        {"cause": "\u202eDisque\u202c"},
    ],
)
def test_cells_are_read_without_what_cannot_be_seen(cells):
    [row], problems = read(one(**cells))
    assert not problems
    assert (row.service, row.source, row.started_at, row.ended_at) == (
        "drim-1",
        Source.SUPPLIER,
        START,
        END,
    )
    assert (row.reference, row.cause) == ("INC-1", "Disque")


def test_the_titles_of_columns_too():
    [row], _problems = read(file(LINE, header=HEADER.replace("source", "sour\u200bce\u00a0")))
    assert row.source == Source.SUPPLIER


@pytest.mark.parametrize(
    ("cells", "by"),
    [
        ({"reference": "INC-1\u200b"}, "un caractère invisible (U+200B)"),
        ({"service": "drim\u2060-1"}, "un caractère invisible (U+2060)"),
        ({"reference": "INC-１"}, "leurs espaces ou la forme de leurs caractères"),
    ],
)
def test_two_lines_that_only_look_alike_are_refused_together(cells, by):
    second = one(**cells).decode().splitlines()[1]
    rows, [problem] = read(file(LINE, second))
    assert [row.reference for row in rows] == ["INC-1", "INC-1"]
    assert (problem.line, problem.column) == (3, "reference")
    assert problem.sentence == (
        "« INC-1 » est déjà à la ligne 2, même service et source : ces deux lignes ne diffèrent "
        f"que par {by}."
    )


def test_a_shared_file_with_a_zero_width_space_is_read():
    path = Path(__file__).parents[1] / "data" / "cases" / "csv_zwsp.csv"
    [row], problems = read(path.read_bytes())
    assert not problems
    assert row.started_at == dt.datetime(2026, 1, 15, 17, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "est vide"),
        (b"\xef\xbb\xbf \r\n\n", "est vide"),
        (b";;;;;\n", "Trouvés : aucun"),
        (b"%PDF-1.7\x00\x01", "ni un fichier CSV"),
        (b"PK\x03\x04\x14\x00", "ne s'ouvre pas"),
        ("é\0".encode("utf-16"), "ni un fichier CSV"),
        (b"service;\x81\x8d", "ni un fichier CSV"),
        (HEADER.encode(), "n'a que sa ligne de titres"),
        (LINE.encode(), "Trouvés : drim-1, 2027-01-15t18"),
        (file(LINE, header=HEADER.replace("ended_at", "end")), "il manque : ended_at"),
        (file(LINE, header=HEADER.replace("ended_at", "end")), "inconnu : end"),
        (file(LINE, header=HEADER + ",cause"), "en double : cause"),
        (file(LINE, header=HEADER + ",Début"), "en double : started_at"),
        (file(LINE, header=HEADER.replace("started_at", "Début (UTC)")), "inconnu : debut (utc)"),
        (file(LINE, header="x" * 5000), "…"),
        (file(LINE, header='"a"b'), "Ligne 1 : Les guillemets"),
        (b"a" * (outage_file.MAX_BYTES + 1), "dépasse 5 Mo"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, sentence):
    with pytest.raises(BadFile, match=r".+\.$") as refusal:
        read(content)
    assert sentence in str(refusal.value)


def test_an_end_is_never_padded_its_absence_would_make_the_outage_last():
    header = "service,started_at,source,reference,cause,ended_at"
    line = "drim-1,15/01/2027 18:00,CLIENT,INC-1,Disque"
    rows, [problem] = read(file(line, f"{line},", header=header))
    assert [row.line for row in rows] == [3]
    assert (problem.line, problem.sentence) == (2, "5 colonnes au lieu de 6.")


@pytest.mark.parametrize(
    ("digits", "is_cut"),
    [("123456", False), ("1234560", False), ("123456000", False), ("1234561", True)],
)
def test_digits_that_are_cut_are_noted(digits, is_cut):
    [row], problems = read(one(started_at=f"2027-01-15T17:00:00.{digits}Z"))
    assert not problems
    assert row.started_at == START.replace(microsecond=123456)
    assert row.is_cut is is_cut


def test_too_many_lines_are_refused(monkeypatch):
    monkeypatch.setattr(outage_file, "MAX_LINES", 2)
    lines = [LINE.replace("INC-1", f"INC-{n}") for n in range(3)]
    assert len(read(file(*lines[:2]))[0]) == 2
    with pytest.raises(BadFile, match="Plus de 2 lignes"):
        read(file(*lines))


def check(content):
    """Rows and problems, or BadFile: nothing else, and every line number is one of the file."""
    try:
        rows, problems = read(content)
    except BadFile:
        return
    last = max(content.count(b"\n"), 0) + max(content.count(b"\r"), 0) + 1
    assert rows or problems
    for row in rows:
        assert 2 <= row.line <= last
        assert row.started_at.tzinfo is dt.UTC
    assert problems == sorted(problems)
    for problem in problems:
        assert isinstance(problem, LineProblem)
        assert 1 <= problem.line <= last
        assert problem.sentence.endswith(".")


@given(st.binary(max_size=400))
@example(b'service"')
def test_no_bytes_break_it(content):
    check(content)


CELL = st.one_of(
    st.text(max_size=12),
    st.text(alphabet='0123456789/-:+T Zh";,.\r\n', max_size=25),
    st.sampled_from([*LINE.split(","), "", '"', "25/10/2026 02:30", "9999-12-31T23:59:59-23:59"]),
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones()).map(dt.datetime.isoformat),
)


@given(st.lists(st.lists(CELL, min_size=5, max_size=7), max_size=5), st.sampled_from(",;"))
def test_no_lines_break_it(lines, delimiter):
    text = "\n".join([HEADER.replace(",", delimiter), *(delimiter.join(line) for line in lines)])
    check(text.encode(errors="replace"))
