"""A threshold is the last value that is still well."""

import pytest

from operations.rules.measures import COUNT, WorkMeasure, troubles


@pytest.mark.parametrize(
    ("value", "is_well"), [(0, True), (299, True), (300, True), (301, False), (None, False)]
)
def test_an_age_is_well_up_to_its_limit(value, is_well):
    assert WorkMeasure("beat", "", value, 300).is_well is is_well


@pytest.mark.parametrize(("value", "is_well"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_number_of_workers_is_well_from_its_limit_on(value, is_well):
    assert WorkMeasure("workers", "", value, 2, COUNT, is_floor=True).is_well is is_well


def test_troubles_are_those_beyond_their_limit():
    well, bad = WorkMeasure("a", "", 1, 2), WorkMeasure("b", "", 3, 2)
    assert troubles([well, bad]) == [bad]
