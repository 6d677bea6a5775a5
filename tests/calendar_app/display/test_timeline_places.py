"""The picture in pixels, as it was looked at: what stands where, and what hides nothing."""

import datetime as dt
from itertools import pairwise

import pytest

from calendar_app.display.timeline import TimelineLink, _anchor, draw
from tests.calendar_app.display.test_timeline import NOW, both, marks, picture_of

DAY = dt.timedelta(days=1)
QUARTER = ("2027-01-01", "2027-03-31")
"""Of 90 days, drawn on 94 % of the width: a day is 1.044 %."""


def test_two_calendars_one_above_the_other():
    ris, drimbox = both().lanes
    assert (ris.label, ris.y, ris.name_y) == ("RIS", 86, 42)
    assert (drimbox.label, drimbox.y, drimbox.name_y) == ("DRIMbox", 168, 224)
    assert {(point.y, point.label_y) for point in ris.points} == {(86, 59)}
    assert {(point.y, point.label_y) for point in drimbox.points} == {(168, 204)}


@pytest.mark.parametrize(
    ("names", "ticks_y", "height"), [("A", 136, 146), ("AB", 254, 264), ("ABC", 336, 346)]
)
def test_the_quarters_stand_below_the_last_label(names, ticks_y, height):
    picture = picture_of(*[(name, marks(QUARTER)) for name in names])
    assert (picture.ticks_y, picture.height) == (ticks_y, height)


def test_each_quarter_has_its_tick_and_only_a_year_or_the_first_says_its_year():
    ticks = both().ticks
    assert [tick.label for tick in ticks] == [
        "juil. 2025",
        *("oct.", "janv. 2026", "avr.", "juil."),
        *("oct.", "janv. 2027", "avr.", "juil."),
        *("oct.", "janv. 2028"),
    ]
    assert [tick.anchor for tick in ticks] == ["start", *["middle"] * 9, "end"]


def test_each_point_shows_its_paris_day_and_its_place():
    first = both().lanes[0].points[0]
    assert (first.label, first.pct) == ("10/09", "10.30%")


def test_links_go_from_shape_to_shape_with_their_gap_in_the_middle():
    assert both().links[3:5] == (
        TimelineLink("54.11%", "54.11%", "54.11%", y1=86, y2=168, days=0),
        TimelineLink("75.81%", "85.89%", "80.85%", y1=86, y2=168, days=98),
    )
    assert both().links[4].middle_y == 132


def test_a_link_follows_a_shape_that_was_nudged():
    near = ["2027-01-01", "2027-01-02", "2027-03-31"]
    picture = picture_of(("A", marks(near)), ("B", marks(near)))
    assert [(link.y1, link.y2) for link in picture.links] == [(86, 168), (110, 144), (86, 168)]


@pytest.mark.parametrize(
    ("days", "rows", "nudges"),
    [
        # 6 days, 6.3 %: enough for two labels; 5 days, 5.2 %, are not
        (["2027-01-01", "2027-01-07"], [0, 0], [0, 0]),
        (["2027-01-01", "2027-01-06"], [0, 1], [0, 0]),
        # 3 days, 3.1 %, keep two shapes apart; 2 days, 2.1 %, do not
        (["2027-01-01", "2027-01-04"], [0, 1], [0, 0]),
        (["2027-01-01", "2027-01-03"], [0, 1], [0, 1]),
        # the third goes back to the first row, and to the line where the second left it
        (["2027-01-01", "2027-01-03", "2027-01-05"], [0, 1, 0], [0, 1, 0]),
        (["2027-01-01", "2027-01-06", "2027-01-12"], [0, 1, 0], [0, 0, 0]),
        # each is compared with the one before, not with the first
        (["2027-01-01", "2027-01-06", "2027-01-11", "2027-01-16"], [0, 1, 0, 1], [0] * 4),
    ],
)
def test_labels_take_two_rows_and_shapes_move_inward_where_they_are_too_near(days, rows, nudges):
    lanes = picture_of(("A", marks([*days, QUARTER[1]])), ("B", marks([*days, QUARTER[1]]))).lanes
    for lane, label, step in zip(lanes, (-27, 36), (-18, 18), strict=True):
        points = lane.points[:-1]
        assert [point.label_y - lane.y for point in points] == [label + step * row for row in rows]
        inward = 24 if lane is lanes[0] else -24
        assert [point.y - lane.y for point in points] == [inward * nudged for nudged in nudges]


@pytest.mark.parametrize(
    ("day", "quarter", "following"),
    [
        ("2027-01-01", "janv. 2027", "avr."),
        ("2027-03-31", "janv. 2027", "avr."),
        ("2027-04-01", "avr. 2027", "juil."),
        ("2027-09-30", "juil. 2027", "oct."),
        ("2027-10-01", "oct. 2027", "janv. 2028"),
        ("2027-12-31", "oct. 2027", "janv. 2028"),
    ],
)
def test_the_axis_of_one_day_is_its_quarter(day, quarter, following):
    ticks = picture_of(("A", marks([day]))).ticks
    assert [tick.label for tick in ticks] == [quarter, following]


@pytest.mark.parametrize(
    ("today", "place"),
    [
        ("2026-12-31", ""),
        ("2027-01-01", "3.00%"),
        ("2027-01-02", "4.04%"),
        ("2027-04-01", "97.00%"),
        ("2027-04-02", ""),
    ],
)
def test_today_has_its_line_on_the_axis_only(today, place):
    now = dt.datetime.fromisoformat(f"{today}T12:00:00+01:00")
    assert picture_of(("A", marks(QUARTER)), now=now).today == place


@pytest.mark.parametrize(
    ("x", "anchor"),
    [(7.9, "start"), (8.0, "middle"), (50, "middle"), (92.0, "middle"), (92.1, "end")],
)
def test_a_label_near_an_edge_hangs_inward(x, anchor):
    assert _anchor(x) == anchor


def test_the_next_milestone_is_the_first_strictly_to_come():
    days = ["2027-01-10", "2027-01-20", "2027-02-20"]
    (lane,) = picture_of(("A", marks(days)), now=marks(days)[1].due_at).lanes
    assert [point.is_next for point in lane.points] == [False, False, True]
    (lane,) = picture_of(("A", marks(days)), now=marks(days)[1].due_at - DAY).lanes
    assert [point.is_next for point in lane.points] == [False, True, False]


def test_a_calendar_without_dates_keeps_its_lane_beside_one_that_has_some():
    picture = draw([("A", []), ("B", marks(QUARTER))], now=NOW)
    assert picture is not None
    assert [len(lane.points) for lane in picture.lanes] == [0, 2]
    assert picture.links == ()


def test_three_calendars_are_linked_each_to_the_next():
    lanes = picture_of(*[(name, marks(QUARTER)) for name in "ABC"])
    assert [(link.y1, link.y2) for link in lanes.links] == [(86, 168)] * 2 + [(168, 250)] * 2
    assert [below.y - above.y for above, below in pairwise(lanes.lanes)] == [82, 82]
