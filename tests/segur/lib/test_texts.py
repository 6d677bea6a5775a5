"""What cannot be seen is taken out, what can be seen stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segur.lib.texts import clean, file_name, has_control, is_blank


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Panne\x00 du\x1b réseau\x7f", "Panne du réseau"),
        ("RIS\ufffe Azimut\uffff", "RIS Azimut"),
        ("demi \ud83d", "demi "),
        ("deux\x0blignes", "deux lignes"),
        ("deux\x0cpages", "deux pages"),
        ("un\tdeux\r\ntrois", "un\tdeux\r\ntrois"),
        ("Hôpital « Saint-Éloi » 🏥 – 12\u202f%", "Hôpital « Saint-Éloi » 🏥 – 12\u202f%"),
        ("", ""),
    ],
)
def test_control_characters_go(text, expected):
    assert clean(text) == expected
    assert has_control(text) is (text != expected)


@given(st.text(st.characters(blacklist_categories=[])))
def test_nothing_that_breaks_xml_is_left(text):
    left = {char for char in clean(text) if unicodedata.category(char) in ("Cc", "Cs")}
    assert left <= {"\t", "\n", "\r"}
    assert not has_control(clean(text))


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u2060\ufeff", "\u3164", "\u2800 \x00"])
def test_what_shows_nothing_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", " é ", "\u200b1", "👍", "-"])
def test_what_shows_something_is_not(text):
    assert not is_blank(text)


def test_a_file_name_reads_in_one_direction():
    assert file_name("facture\u202efdp.exe\u2069\x07") == "facturefdp.exe"
