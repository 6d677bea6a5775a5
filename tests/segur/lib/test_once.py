"""What a page reads once."""

from itertools import count

from segur.lib.once import once, reading


def test_outside_of_a_page_each_is_found():
    numbers = count()
    assert [once("a", numbers.__next__) for _ in range(2)] == [0, 1]


def test_within_a_page_it_is_found_once_for_each_key():
    numbers = count()
    with reading():
        assert [once(key, numbers.__next__) for key in "aabb"] == [0, 0, 1, 1]


def test_the_next_page_finds_it_again():
    numbers = count()
    for expected in range(2):
        with reading():
            assert once("a", numbers.__next__) == expected
