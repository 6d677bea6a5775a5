"""Charts: places on the picture, round grids, labels that never stand over one another."""

import datetime as dt
from itertools import pairwise

import pytest

from segur.lib.charts import (
    LABEL_ROW,
    MOST_TICKS,
    BarPart,
    Marker,
    Series,
    Stroke,
    bars,
    curves,
    legend,
)
from segur.lib.remaining import Meaning

FIRST, LAST = dt.date(2026, 9, 1), dt.date(2027, 6, 9)


def series(*values, label="Fait", first=FIRST, last=LAST):
    days = [first, last] if len(values) > 1 else [last]
    return Series(label, Stroke.SOLID, list(zip(days, values, strict=True)))


@pytest.mark.parametrize(
    ("highest", "grid"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (4, ["0", "1", "2", "3", "4"]),
        (5, ["0", "2", "4", "6"]),
        (20, ["0", "5", "10", "15", "20"]),
        (21, ["0", "10", "20", "30"]),
        (38_000, ["0", "10\u202f000", "20\u202f000", "30\u202f000", "40\u202f000"]),
    ],
)
def test_the_grid_has_round_numbers_above_the_highest_value(highest, grid):
    assert [line.label for line in curves([series(0, highest)]).grid] == grid


def test_a_curve_runs_from_the_lower_left_to_the_upper_right():
    [curve] = curves([series(0, 20)]).curves
    assert curve.points == "0,200 1000,0"
    assert (curve.x, curve.anchor) == (100.0, "end")


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2026-11-02", "2026-11-20", ["02/11/2026", "20/11/2026"]),
        ("2026-11-02", "2026-12-20", ["déc. 2026"]),
        ("2026-11-01", "2027-02-01", ["nov. 2026", "déc.", "janv. 2027", "févr."]),
        ("2026-09-15", "2027-06-09", ["nov. 2026", "janv. 2027", "mars", "mai"]),
        ("2025-09-10", "2027-12-15", ["janv. 2026", "juil.", "janv. 2027", "juil."]),
    ],
)
def test_the_axis_names_some_first_days_of_months(first, last, labels):
    first, last = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    ticks = curves([series(0, 1, first=first, last=last)]).ticks
    assert [tick.label + tick.year for tick in ticks] == labels


@pytest.mark.parametrize("years", [1, 2, 5, 20, 60])
def test_no_axis_has_more_labels_than_a_phone_can_show(years):
    last = FIRST.replace(year=FIRST.year + years)
    assert len(curves([series(0, 1, last=last)]).ticks) <= MOST_TICKS


@pytest.mark.parametrize("value", [0, 1, 9, 10])
def test_curves_that_end_together_have_labels_one_under_the_other(value):
    others = [series(10, value, label="Nécessaire"), series(value, label="Rythme")]
    drawn = curves([series(0, value), *others])
    heights = sorted(curve.y for curve in drawn.curves)
    assert all(low - high >= LABEL_ROW for high, low in pairwise(heights))
    assert heights[-1] < drawn.grid[0].y


@pytest.mark.parametrize(
    ("last", "values", "marked", "where"),
    [
        (LAST, (0, 10), None, ("end", -8, "above")),
        (LAST, (10, 4), None, ("end", -8, "under")),
        (LAST, (10, 0), None, ("end", -8, "above")),
        (dt.date(2026, 12, 1), (0, 10), None, ("start", 8, "beside")),
        (dt.date(2026, 12, 1), (0, 10), dt.date(2026, 12, 1), ("end", -8, "above")),
        (dt.date(2026, 12, 1), (0, 10), dt.date(2026, 12, 20), ("end", -8, "above")),
        (dt.date(2026, 9, 8), (0, 10), dt.date(2026, 9, 8), ("start", 8, "beside")),
    ],
    ids=[
        *("rises to the edge", "falls to the edge", "falls to the axis", "ends in the middle"),
        *("ends on a marker", "ends before a marker", "ends at the first days"),
    ],
)
def test_the_label_of_a_curve_is_clear_of_it_and_of_markers(last, values, marked, where):
    marks = [Marker("aujourd'hui", marked)] if marked else []
    other = series(0, 10, label="Nécessaire")
    chart = curves([series(*values, last=last), other], markers=marks)
    [curve] = [one for one in chart.curves if one.label == "Fait"]
    end = curve.points.rpartition(",")[2]
    below = {-8: "above", 5: "beside", 18: "under"}[curve.y - chart.top - round(float(end))]
    assert (curve.anchor, curve.dx, below) == where


@pytest.mark.parametrize(("highest", "is_wide"), [(400, False), (401, False), (1_000, True)])
def test_the_axis_has_room_for_its_figures(highest, is_wide):
    assert curves([series(0, highest)]).has_wide_figures is is_wide


def test_markers_that_are_near_stand_on_different_rows():
    marks = [
        Marker("aujourd'hui", dt.date(2027, 6, 1), is_legal=False),
        Marker("09/06/2027", LAST),
        Marker("début", FIRST),
    ]
    places = curves([series(0, 1)], markers=marks).markers
    assert [place.label for place in places] == ["début", "aujourd'hui", "09/06/2027"]
    assert places[1].y != places[2].y
    assert [place.is_legal for place in places] == [True, False, True]


def test_one_day_is_no_picture():
    assert curves([series(3)]) is None
    assert curves([]) is None


def test_the_table_has_a_row_per_day_and_a_column_per_curve():
    chart = curves([series(0, 20), series(7, label="Rythme")])
    assert chart.labels == ("Fait", "Rythme")
    assert [(row.day, row.values) for row in chart.rows] == [
        (FIRST, (0, None)),
        (LAST, (20, 7)),
    ]


PARTS = [
    BarPart("déposées", Meaning.DONE, 3),
    BarPart("en retard", Meaning.LATE, 0),
    BarPart("à faire", Meaning.TO_COME, 1),
]


def test_the_longest_bar_takes_the_width_and_empty_parts_are_left_out():
    long, short, empty = bars([("Avance", PARTS), ("Solde", [PARTS[2]]), ("Rien", [])])
    assert [(part.x, part.width) for part in long.parts] == [(0.0, 75.0), (75.0, 25.0)]
    assert [(part.x, part.width) for part in short.parts] == [(0.0, 25.0)]
    assert (long.words, long.total) == ("déposées : 3, à faire : 1", "4")
    assert (empty.parts, empty.words, empty.total) == ((), "rien", "0")


def test_the_legend_names_each_part_once():
    assert legend([("Avance", PARTS), ("Solde", PARTS)]) == [
        (Meaning.DONE, "déposées"),
        (Meaning.LATE, "en retard"),
        (Meaning.TO_COME, "à faire"),
    ]
