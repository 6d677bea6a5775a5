"""What people type, line by line: ways to write an outage, and ways to get it wrong."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.display import words
from perf.engine.instants import HOUR, MINUTE, SECOND
from perf.engine.score import OFFICIAL
from perf.reading import typed
from segur.lib.instants import BadText, instant
from segur.lib.paris import PARIS

NOW = dt.datetime(2027, 6, 1, 12, tzinfo=dt.UTC)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


WEEKEND = (at("2027-01-15T18:00"), at("2027-01-18T10:00"))


@pytest.mark.parametrize(
    "line",
    [
        "15/01/2027 18:00 → 18/01/2027 10:00",
        "15/01/2027 18:00 -> 18/01/2027 10:00",
        "15/01/2027 18:00;18/01/2027 10:00",
        "15/01/2027 18:00 ; 18/01/2027 10:00 ;",
        "15/01/2027 18:00\t18/01/2027 10:00",
        "15/01/2027\t18:00\t18/01/2027\t10:00",
        "15/01/2027;18:00;18/01/2027;10:00",
        "15/01/2027 18:00 - 18/01/2027 10:00",
        "15/01/2027 18:00 – 18/01/2027 10:00",
        "15/01/2027 18h - 18/01/2027 10h00",
        "du 15/01/2027 à 18h00 au 18/01/2027 à 10h",
        "Du vendredi 15/01/2027 à 18 h 00 au lundi 18/01/2027 à 10 h 00",
        "ven. 15/01/2027 18:00 → lun. 18/01 10:00",
        "15/1/2027 18:00:00 → 18.01.2027 10:00:00,000",
        "2027-01-15T18:00:00+01:00 → 2027-01-18T09:00:00Z",
        "2027-01-15 18:00 - 2027-01-18 10:00",
        "2027-01-15T13:00-04:00;2027-01-18T10:00+0100",
        '"15/01/2027 18:00";"18/01/2027 10:00"',
        "\u00a0 15/01/2027\u00a018:00\u202f→\u00a018/01/2027 10h00min00s",
        "\u200b15/01/2027\u200b 18:00\ufeff → \u202a18/01/2027 10:00\u202c",
        "１５/０１/２０２７ １８:００ → 18/01/2027 10：00",
        "15/01/2027\t18:00\t18/01/2027\t10:00\u200b",
    ],
)
def test_the_same_outage_written_in_many_ways(line):
    assert typed.outage(line) == WEEKEND


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("16/01/2027 12:00 → 15:00", "2027-01-16T12:00", "2027-01-16T15:00"),
        ("03/02/2027 9h → 9h00min01s", "2027-02-03T09:00", "2027-02-03T09:00:01"),
        ("31/12/2026 22:00 → 24:00", "2026-12-31T22:00", "2027-01-01T00:00"),
        ("01/01/2027 00:00 → 00:30", "2027-01-01T00:00", "2027-01-01T00:30"),
        ("01/02/2027 09:00:00.5 → 09:00:01", "2027-02-01T09:00:00.5", "2027-02-01T09:00:01"),
        ("01/02/2027 09:00 → 09:00", "2027-02-01T09:00", "2027-02-01T09:00"),
    ],
)
def test_an_end_may_be_short_and_seconds_are_kept(line, start, end):
    assert typed.outage(line) == (at(start), at(end))


@pytest.mark.parametrize("end", ["", "en cours", "En cours", "…", "?", "toujours en cours"])
@pytest.mark.parametrize("separator", [" → ", ";", "\t", " - "])
def test_an_empty_end_is_an_open_outage(separator, end):
    assert typed.outage(f"15/01/2027 18:00{separator}{end}") == (WEEKEND[0], None)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-15T18:00:00+01",
        "2027-01-15 18:00+01",
        "15/01/2027 18:00 +01",
        "2027-01-15T17:00:00Z",
        "2027-01-15 17:00:00 UTC",
        "2027-01-15T13:00:00-04",
        "2027-01-15T18:00:00.0000000+01:00",
        "15/01/2027 18h, heure d'hiver",
    ],
)
def test_an_offset_may_be_short(text):
    assert instant(text.lower()) == WEEKEND[0]


@pytest.mark.parametrize(
    ("text", "words_of_it"),
    [
        ("15/01/2027 18:00-19", "n'est pas un jour et une heure"),
        ("2027-01-15T18:00-13", "le décalage « -13 » n'existe pas"),
        ("2027-01-15T18:00+15", "le décalage « +15 » n'existe pas"),
        ("15/01/2027 18:00:00.1234567", "plus précis que la microseconde"),
        ("15/07/2027 18h, heure d'hiver", "n'est pas à l'heure d'hiver"),
        ("28/03/2027 02:30, heure d'été", "n'existe pas : les horloges passent de 2h à 3h"),
    ],
)
def test_what_no_clock_shows_is_refused(text, words_of_it):
    with pytest.raises(BadText) as refusal:
        instant(text.lower())
    assert words_of_it in str(refusal.value)


@pytest.mark.parametrize("offset", ["-12", "+14"])
def test_the_offsets_at_both_ends_of_the_world_are_read(offset):
    assert instant(f"2027-01-15t18:00{offset}") == dt.datetime.fromisoformat(
        f"2027-01-15T18:00{offset}"
    )


@pytest.mark.parametrize(("season", "hour"), [("d'été", 0), ("d'hiver", 1)])
def test_an_hour_that_comes_twice_is_understood_as_the_site_shows_it(season, hour):
    found = instant(f"25/10/2026 2h30, heure {season}")
    assert found == dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)


def test_an_hour_that_comes_twice_is_understood_with_its_offset():
    start, end = typed.outage("25/10/2026 02:30+02:00 → 2026-10-25T02:30+01:00")
    assert end == start + dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("line", "words_of_it"),
    [
        ("bonjour", "« bonjour » n'est pas un jour et une heure"),
        ("15/01/2027 18:00", "la fin manque"),
        ("→ 15/01/2027 18:00", "début : il manque un jour"),
        ("15/01/2027 → 16/01/2027", "l'heure manque après « 15/01/2027 »"),
        ("15/01/27 18:00 → 19:00", "quatre chiffres"),
        ("18:00 → 19:00", "le jour et l'année manquent"),
        ("15/01 18:00 → 19:00", "le jour et l'année manquent"),
        ("31/02/2027 10:00 → 11:00", "le 31/02/2027 n'existe pas"),
        ("2027-13-01 10:00 → 11:00", "le 2027-13-01 n'existe pas"),
        ("15/01/2027 25:00 → 26:00", "l'heure 25:00:00 n'existe pas"),
        ("15/01/2027 18:60 → 19:00", "l'heure 18:60:00 n'existe pas"),
        ("15/01/2027 18:00 → 31/02 10:00", "fin : le 31/02/2027 n'existe pas"),
        ("lundi 15/01/2027 18:00 → 19:00", "le 15/01/2027 est un vendredi"),
        ("15/01/2027 18:00 → 17:00", "vient avant le début"),
        ("28/03/2027 02:30 → 04:00", "n'existe pas : les horloges passent de 2h à 3h"),
        ("28/03/2027 01:00 → 02:00", "fin : le 28/03/2027 à 02:00 n'existe pas"),
        ("25/10/2026 02:30 → 04:00", "2026-10-25T02:30:00+02:00 avant le changement"),
        ("15/01/2027 18:00+99:00 → 19:00", "le décalage « +99:00 » n'existe pas"),
        ("01/02/2050 10:00 → 11:00", "2050 est hors des années calculées, 2020 à 2040"),
        ("31/12/2019 10:00 → 01/01/2020 11:00", "2019 est hors des années calculées"),
        ("31/12/2040 10:00 → 01/01/2041 00:01", "2041 est hors des années calculées"),
        ("15/01/2027 18:00;16/01/2027 10:00;panne du PACS", "pas plus"),
        ("x" * 201, "plus de 200 caractères"),
    ],
)
def test_a_line_not_understood_says_why(line, words_of_it):
    with pytest.raises(BadText) as refusal:
        typed.outage(line)
    assert words_of_it in str(refusal.value)


def test_every_bad_line_is_named_by_its_number_and_the_blank_ones_skipped():
    text = "\r\nbonjour\r\n15/01/2027 18:00 → 19:00\n\n28/03/2027 02:30 → 04:00"
    found, errors = typed.outages(text, now=NOW)
    assert [item.number for item in found] == [3]
    assert [error.split(" : ")[0] for error in errors] == ["Ligne 2", "Ligne 5"]


def test_an_open_outage_cannot_start_in_the_future():
    _found, errors = typed.outages("02/06/2027 18:00 → en cours", now=NOW)
    assert errors == ["Ligne 1 : une panne en cours ne peut pas commencer dans l'avenir."]


def test_too_many_lines_are_refused_in_a_sentence():
    line = "15/01/2027 18:00 → 19:00\n"
    assert len(typed.outages(line * typed.MAX_LINES, now=NOW)[0]) == typed.MAX_LINES
    found, errors = typed.outages(line * (typed.MAX_LINES + 1), now=NOW)
    assert (found, len(errors)) == ([], 1)
    assert "501 lignes" in errors[0]


@given(st.text(max_size=60))
def test_whatever_is_typed_is_understood_or_refused(text):
    found, errors = typed.outages(text, now=NOW)
    assert len(found) + len(errors) >= 0


@given(st.datetimes(dt.datetime(2020, 1, 2), dt.datetime(2040, 12, 30)))  # noqa: DTZ001
def test_an_iso_instant_with_its_offset_comes_back(moment):
    aware = moment.replace(tzinfo=dt.UTC)
    assert instant(aware.astimezone(PARIS).isoformat().lower()) == aware


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 h", 3 * HOUR),
        ("3h", 3 * HOUR),
        ("3 heures", 3 * HOUR),
        ("3h30", 3 * HOUR + 30 * MINUTE),
        ("1 h 30 min", HOUR + 30 * MINUTE),
        (" 90 min ", 90 * MINUTE),
    ],
)
def test_durations(text, expected):
    assert typed.duration(text) == expected


@pytest.mark.parametrize("text", ["3", "trois heures", "-3 h", "3 j"])
def test_a_duration_without_its_unit_is_asked_again(text):
    with pytest.raises(BadText, match="unité"):
        typed.duration(text)


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (6 * HOUR, "6 h 00 min"),
        (10 * HOUR, "10 h 00 min 00 s"),
        (10 * HOUR + SECOND, "10 h 00 min 01 s"),
        (20 * HOUR - 4 * MINUTE, "19 h 56 min 00 s"),
        (20 * HOUR - 6 * MINUTE, "19 h 54 min"),
        (10 * HOUR + 1, "10 h 00 min 00,000001 s"),
        (30 * HOUR + 90 * SECOND, "30 h 01 min 30 s"),
    ],
)
def test_downtime_is_never_rounded_and_to_the_second_near_a_threshold(microseconds, text):
    assert words.downtime(microseconds, OFFICIAL) == text
