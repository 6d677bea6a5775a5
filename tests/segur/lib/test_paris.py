import datetime as dt

import pytest

from segur.lib import paris


def utc(*fields):
    return dt.datetime.combine(dt.date(*fields[:3]), dt.time(*fields[3:]), dt.UTC)


@pytest.mark.parametrize(
    ("day", "hour", "instant"),
    [
        (dt.date(2027, 6, 9), 12, utc(2027, 6, 9, 10)),
        (dt.date(2027, 9, 15), 12, utc(2027, 9, 15, 10)),
        (dt.date(2026, 11, 10), 12, utc(2026, 11, 10, 11)),
        (dt.date(2027, 12, 15), 12, utc(2027, 12, 15, 11)),
        (dt.date(2026, 10, 25), 2, utc(2026, 10, 25, 0)),  # shown twice: the first
        (dt.date(2027, 3, 28), 2, utc(2027, 3, 28, 1)),  # never shown: as before the change
    ],
)
def test_at_is_the_instant_of_the_paris_clock(day, hour, instant):
    assert paris.at(day, dt.time(hour)) == instant
    assert paris.at(day, dt.time(hour)).tzinfo is dt.UTC


def test_the_legal_day_is_the_paris_day():
    assert paris.day(utc(2027, 6, 30, 22, 30)) == dt.date(2027, 7, 1)
    assert paris.day(utc(2027, 12, 31, 22, 30)) == dt.date(2027, 12, 31)


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="naive"):
        paris.local(dt.datetime(2027, 6, 9, 12))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("instant", "full", "brief"),
    [
        (
            utc(2027, 6, 9, 10),
            "mercredi 9 juin 2027 à 12h (heure de Paris)",
            "09/06/2027 12h",
        ),
        (
            utc(2027, 5, 1, 7, 5),
            "samedi 1er mai 2027 à 9h05 (heure de Paris)",
            "01/05/2027 9h05",
        ),
        (
            utc(2027, 12, 15, 10, 59, 59),
            "mercredi 15 décembre 2027 à 11h59min59s (heure de Paris)",
            "15/12/2027 11h59min59s",
        ),
    ],
)
def test_how_an_instant_reads(instant, full, brief):
    assert paris.long(instant) == full
    assert paris.short(instant) == brief


def test_a_receipt_is_exact_to_the_second():
    assert paris.stamp(utc(2027, 6, 9, 10)) == "09/06/2027 à 12h00min00s (heure de Paris)"


@pytest.mark.parametrize(
    ("instant", "minute", "stamp"),
    [
        (utc(2027, 6, 9, 6), "à 8h", "à 8h00min00s"),
        (utc(2027, 6, 9, 6, 5, 59), "à 8h05", "à 8h05min59s"),
        (utc(2027, 6, 8, 22), "à 0h", "à 0h00min00s"),
        (utc(2027, 6, 9, 21, 59, 59), "à 23h59", "à 23h59min59s"),
    ],
)
def test_an_hour_is_written_alike_wherever_it_is(instant, minute, stamp):
    assert paris.minute(instant) == f"09/06/2027 {minute}"
    assert paris.stamp(instant) == f"09/06/2027 {stamp} (heure de Paris)"


@pytest.mark.parametrize(("hour", "which"), [(0, "d'été"), (1, "d'hiver")])
def test_what_was_recorded_in_the_hour_that_comes_twice_says_which(hour, which):
    instant = utc(2026, 10, 25, hour, 30)
    assert paris.minute(instant) == f"25/10/2026 à 2h30, heure {which}"
    assert paris.stamp(instant) == f"25/10/2026 à 2h30min00s, heure {which} (heure de Paris)"


@pytest.mark.parametrize(
    ("due_at", "last", "short", "clock"),
    [
        ("2027-01-20T22:59:59.999999", "20", "20/01/2027 23h59min59s", "23h59min59s"),
        ("2027-01-20T23:00:00", "20", "20/01/2027", "24h"),
        ("2027-01-20T23:00:00.000001", "21", "21/01/2027 0h", "0h"),
        ("2027-01-20T23:01:00", "21", "21/01/2027 0h01", "0h01"),
        ("2027-01-21T00:00:00", "21", "21/01/2027 1h", "1h"),
        ("2027-01-20T22:00:00", "20", "20/01/2027 23h", "23h"),
        ("2027-01-20T11:00:00", "20", "20/01/2027 12h", "12h"),
    ],
)
def test_the_midnight_that_ends_a_delay_is_the_24h_of_its_last_day(due_at, last, short, clock):
    instant = dt.datetime.fromisoformat(due_at).replace(tzinfo=dt.UTC)
    assert paris.last_day(instant) == dt.date(2027, 1, int(last))
    assert paris.due_clock(instant) == clock
    assert paris.due_short(instant) == short
    before = "au plus tard le" if clock == "24h" else "avant le"
    assert paris.before_short(instant) == f"{before} {short}"
