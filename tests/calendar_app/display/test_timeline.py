"""Where each date falls in the picture."""

import datetime as dt

import pytest

from calendar_app.display.timeline import CROWDED, MARGIN, NUDGE, Mark, Picture, When, draw, when
from segur.lib import paris

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
RIS = ("2025-09-10", "2026-05-13", "2026-09-16", "2026-11-10", "2027-06-09", "2027-09-22")
DRIMBOX = (*RIS[:4], "2027-09-15", "2027-12-15")


def noon(day):
    return paris.at(dt.date.fromisoformat(day), dt.time(12))


def marks(days, estimated=()):
    return [Mark(n, f"Jalon {n}", noon(day), n in estimated) for n, day in enumerate(days, 1)]


def picture_of(*lanes, now=NOW) -> Picture:
    picture = draw(lanes, now=now)
    assert picture is not None
    return picture


def both(now=NOW):
    return picture_of(("RIS", marks(RIS)), ("DRIMbox", marks(DRIMBOX)), now=now)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-06-08T21:59:59+00:00", When.TO_COME),
        ("2027-06-08T22:00:00+00:00", When.TODAY),
        ("2027-06-09T09:59:59+00:00", When.TODAY),
        ("2027-06-09T10:00:00+00:00", When.PAST),
    ],
)
def test_when(now, expected):
    assert when(noon("2027-06-09"), dt.datetime.fromisoformat(now)) == expected


def test_the_axis_runs_over_whole_quarters():
    picture = both()
    assert picture.ticks[0].label == "juil. 2025"
    assert picture.ticks[-1].label == "janv. 2028"
    assert [tick.label for tick in picture.ticks if tick.is_year] == [
        "janv. 2026",
        "janv. 2027",
        "janv. 2028",
    ]
    assert (picture.ticks[0].pct, picture.ticks[-1].pct) == ("3.00%", "97.00%")
    assert (picture.ticks[0].anchor, picture.ticks[-1].anchor) == ("start", "end")


def test_places_are_proportional_to_the_days():
    picture = both()
    start, end = dt.date(2025, 7, 1), dt.date(2028, 1, 1)
    for lane, days in zip(picture.lanes, (RIS, DRIMBOX), strict=True):
        for point, day in zip(lane.points, days, strict=True):
            share = (dt.date.fromisoformat(day) - start).days / (end - start).days
            assert point.x == pytest.approx(MARGIN + (100 - 2 * MARGIN) * share)
            assert 0 < point.x < 100
            assert "," not in point.pct


def test_the_same_date_has_the_same_place_in_both_lanes():
    ris, drimbox = both().lanes
    assert [point.pct for point in ris.points[:4]] == [p.pct for p in drimbox.points[:4]]


def test_states_on_the_22nd_of_november_2026():
    for lane in both().lanes:
        assert [point.when for point in lane.points] == [When.PAST] * 4 + [When.TO_COME] * 2
        assert [point.is_next for point in lane.points] == [False] * 4 + [True, False]


def test_the_day_of_a_milestone_is_its_own_state_and_it_is_next():
    point = both(now=dt.datetime(2027, 6, 9, 7, tzinfo=dt.UTC)).lanes[0].points[4]
    assert (point.when, point.is_next) == (When.TODAY, True)


def test_today_lies_between_the_milestones_around_it():
    picture = both()
    points = picture.lanes[0].points
    assert points[3].x < float(picture.today.rstrip("%")) < points[4].x
    assert (picture.today_label, picture.today_anchor) == ("aujourd'hui 22/11", "middle")


@pytest.mark.parametrize("now", ["2024-01-01T00:00:00+00:00", "2030-01-01T00:00:00+00:00"])
def test_today_outside_the_axis_has_no_line(now):
    assert both(now=dt.datetime.fromisoformat(now)).today == ""


def test_links_show_how_far_apart_the_same_milestones_are():
    links = both().links
    assert [link.days for link in links] == [0, 0, 0, 0, 98, 84]
    assert all(link.start == link.end for link in links[:4])
    assert [link.gap for link in links[4:]] == ["+98 j", "+84 j"]


def test_one_calendar_has_no_link():
    assert picture_of(("RIS", marks(RIS))).links == ()


def test_a_milestone_that_only_one_calendar_has_is_not_linked():
    picture = picture_of(("RIS", marks(RIS)), ("DRIMbox", marks(DRIMBOX[:5])))
    assert len(picture.links) == 5


def test_labels_too_near_take_another_row_and_stay_in_the_picture():
    near = picture_of(("RIS", marks(["2027-06-01", "2027-06-08", "2027-09-30"])))
    first, second, third = near.lanes[0].points
    assert second.x - first.x < CROWDED < third.x - second.x
    assert first.label_y == third.label_y != second.label_y
    for picture in (near, both()):
        for lane in picture.lanes:
            assert all(0 < point.label_y < picture.height for point in lane.points)


def test_shapes_that_would_hide_each_other_are_nudged_apart():
    picture = picture_of(("RIS", marks(["2027-06-01", "2027-06-03", "2027-09-30"])), now=NOW)
    (lane,) = picture.lanes
    assert [point.y - lane.y for point in lane.points] == [0, NUDGE, 0]


def test_a_link_to_an_earlier_date_counts_down():
    picture = picture_of(("RIS", marks(["2027-09-30"])), ("DRIMbox", marks(["2027-09-15"])))
    assert [link.gap for link in picture.links] == ["−15 j"]


def test_marks_come_in_the_order_of_their_dates():
    swapped = picture_of(("RIS", marks(["2027-09-22", "2027-06-09"])))
    assert [point.mark.number for point in swapped.lanes[0].points] == [2, 1]


def test_estimated_marks_stay_distinguished():
    picture = picture_of(("RIS", marks(RIS, estimated={6})))
    assert [p.mark.estimated for p in picture.lanes[0].points] == [False] * 5 + [True]


def test_no_date_no_picture():
    assert draw([("RIS", [])], now=NOW) is None


def test_one_single_day_still_has_an_axis():
    picture = picture_of(("RIS", marks(["2027-12-31"])))
    assert [tick.label for tick in picture.ticks] == ["oct. 2027", "janv. 2028"]
