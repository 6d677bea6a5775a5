"""The look-up in a sorted file of leaked passwords."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.leaks import is_listed

LEAKED = ["azerty123456", "motdepasse2026", "soleil soleil", "Épinard-1789"]


def digest(password):
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def written(path, passwords, line="{}:3\r\n"):
    path.write_bytes("".join(line.format(one) for one in sorted(map(digest, passwords))).encode())
    return path


@pytest.mark.parametrize("line", ["{}:3\r\n", "{}:3\n", "{}\n"])
@pytest.mark.parametrize("password", [*LEAKED, "une phrase que personne n'a", ""])
def test_a_password_is_found_whatever_the_ends_of_lines(tmp_path, password, line):
    assert is_listed(written(tmp_path / "leaks", LEAKED, line), password) is (password in LEAKED)


def test_an_empty_file_lists_nothing(tmp_path):
    assert not is_listed(written(tmp_path / "leaks", []), "azerty123456")


@given(st.sets(st.text(max_size=8), max_size=40), st.text(max_size=8))
def test_it_answers_as_a_set_does(tmp_path_factory, leaked, password):
    path = written(tmp_path_factory.mktemp("leaks") / "leaks", leaked)
    assert all(is_listed(path, one) for one in leaked)
    assert is_listed(path, password) is (password in leaked)
