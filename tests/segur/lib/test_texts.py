"""What cannot be seen is taken out, what can be seen stays."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segur.lib.texts import clean, difference, fold, is_blank, one_line

ANY_TEXT = st.text(st.characters(blacklist_categories=[]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Panne\x00 du\x1b réseau\x7f", "Panne du réseau"),
        ("RIS\ufffe Azimut\uffff", "RIS Azimut"),
        ("demi \ud83d", "demi "),
        ("deux\x0blignes", "deux lignes"),
        ("deux\x0cpages", "deux pages"),
        ("deux\x85lignes", "deux lignes"),
        ("un\tdeux\r\ntrois", "un\tdeux\r\ntrois"),
        ("facture\u202efdp.exe\u2069\x07", "facturefdp.exe"),
        ("\u200eà\u200f droite\u061c", "à droite"),
        ("infor\u00adma\u200btique\u2060\ufeff", "informatique"),
        ("He\u0301lio", "Hélio"),
        ("👩\u200d⚕️ می\u200cخواهم", "👩\u200d⚕️ می\u200cخواهم"),
        ("Hôpital « Saint-Éloi » 🏥 – 12\u202f%, n°\u00a0５ ½ ﬁn", None),
        ("", ""),
    ],
)
def test_free_text(text, expected):
    assert clean(text) == (text if expected is None else expected)


@given(ANY_TEXT)
def test_nothing_that_breaks_xml_is_left(text):
    left = {char for char in clean(text) if unicodedata.category(char) in ("Cc", "Cs")}
    assert left <= {"\t", "\n", "\r"}


@pytest.mark.parametrize(
    "text",
    [
        "INC-7\u200b",
        "\u200cIN\u200dC-7",
        "INC\u2060-7",
        "\ufeffINC-7",
        "IN\u00adC-7",
        "\u202eINC-7\u202c",
        "\u2066INC-7\u2069",
        "\u061cINC-7\u200f",
        "INC-7\ufe0f",
        "INC\u034f-7\u3164",
        "INC-7\x00\x1f",
        "INC-7\u0085",
        "INC-7\ud83d",
        "ＩＮＣ－７",
        "INC-７",
        "INC-٧",
        "INC-𝟕",
        "INC\u20117",
        "INC\u20107",
        "INC−7",
        "\u00a0INC-7\u202f",
    ],
)
def test_what_looks_alike_is_one_identifier(text):
    assert fold(text) == "INC-7"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12\u202f345\u00a0€", "12 345 €"),
        ("deux\t\n mots\x0bici", "deux mots ici"),
        ("ﬁche", "fiche"),
        ("e\u0301te\u0301", "été"),
        ("e\u200d\u0301", "é"),
        ("e\x00\u0301", "é"),
        ("INC–7", "INC–7"),
        ("inc-7", "inc-7"),
        ("", ""),
        ("\u200b\u2800", ""),
    ],
)
def test_what_differs_to_the_eye_stays(text, expected):
    assert fold(text) == expected


@given(ANY_TEXT)
def test_each_rule_applied_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)
    assert clean(clean(text)) == clean(text)
    assert fold(clean(text)) == fold(text)


def test_no_character_survives_folding_unseen():
    assigned = (chr(n) for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) != "Cn")
    for char in (char for char in assigned if unicodedata.category(char) not in ("Lo", "Co")):
        folded = fold(f"a{char}b")
        assert "Cf" not in {unicodedata.category(one) for one in folded}, f"U+{ord(char):04X}"
        assert not any(one.isdecimal() and not one.isascii() for one in folded), char


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u2060\ufeff", "\u3164", "\u2800 \x00"])
def test_what_shows_nothing_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", " é ", "\u200b1", "👍", "-"])
def test_what_shows_something_is_not(text):
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("INC-7", "INC-7\u200b", "un caractère invisible (U+200B)"),
        ("INC-7", "INC\u00ad-7\u200b", "des caractères invisibles (U+00AD, U+200B)"),
        ("INC 7", "INC\u00a07", "un caractère invisible (U+00A0)"),
        ("INC-7", "INC-７", "leurs espaces ou la forme de leurs caractères"),
        ("INC 7", "INC  7", "leurs espaces ou la forme de leurs caractères"),
    ],
)
def test_how_two_texts_that_look_alike_differ(one, other, expected):
    assert difference(one, other) == expected


@pytest.mark.parametrize(
    ("code", "is_selector"),
    [
        *((0xFDFF, False), (0xFE00, True), (0xFE0F, True), (0xFE10, False)),
        *((0xE00FF, False), (0xE0100, True), (0xE01EF, True), (0xE01F0, False)),
    ],
)
def test_every_variation_selector_is_left_out_and_nothing_beside_them(code, is_selector):
    assert (one_line(f"RIS{chr(code)}") == "RIS") is is_selector


def test_a_name_is_kept_in_its_letters_on_one_line():
    assert one_line("  RIS™\u200d\n Azimut\u00a0３ ") == "RIS™ Azimut ３"
