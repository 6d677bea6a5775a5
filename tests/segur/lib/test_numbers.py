import pytest

from segur.lib.numbers import counted, whole


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999, "999"), (1000, "1\u202f000"), (1_234_567, "1\u202f234\u202f567")],
)
def test_thousands_stand_apart_by_a_narrow_space_that_ends_no_line(value, text):
    assert whole(value) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 jour"), (1, "1 jour"), (2, "2 jours")])
def test_a_noun_is_plural_from_two(count, text):
    assert counted(count, "jour") == text
