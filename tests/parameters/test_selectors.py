"""Within a page, the parameters are read once; what shows a change reads them each time."""

import datetime as dt

import pytest

from parameters.models import RegulatoryParameter
from parameters.selectors import histories, read_each_time, read_once, rows, value
from pilots.pv.rules.parameters import PILOT_REVIEW_DAYS
from segur.lib.paris import PARIS

NOW = dt.datetime(2026, 11, 30, 12, tzinfo=PARIS)

pytestmark = pytest.mark.django_db


def days(number, *, since=NOW - dt.timedelta(days=1)):
    return RegulatoryParameter.objects.create(
        key=PILOT_REVIEW_DAYS, value=number, effective_from=since, source="Essai", author_name="P."
    )


def test_a_page_reads_all_its_parameters_by_one_query(django_assert_num_queries):
    days(7)
    with django_assert_num_queries(1), read_once():
        assert value(PILOT_REVIEW_DAYS, at=NOW) == 7
        assert value(PILOT_REVIEW_DAYS, at=NOW - dt.timedelta(days=2)) != 7
        assert histories([PILOT_REVIEW_DAYS])[PILOT_REVIEW_DAYS][0][1] == 7
        assert {row.parameter.key: row.value for row in rows(at=NOW)}[PILOT_REVIEW_DAYS] == 7


def test_after_the_page_a_new_value_is_read():
    with read_once():
        value(PILOT_REVIEW_DAYS, at=NOW)
    days(9)
    assert value(PILOT_REVIEW_DAYS, at=NOW) == 9
    with read_once():
        assert value(PILOT_REVIEW_DAYS, at=NOW) == 9


def test_what_a_page_shows_of_a_change_is_read_after_it():
    with read_once():
        before = value(PILOT_REVIEW_DAYS, at=NOW)
        with read_each_time():
            days(11)
            assert value(PILOT_REVIEW_DAYS, at=NOW) == 11
        assert value(PILOT_REVIEW_DAYS, at=NOW) == before
