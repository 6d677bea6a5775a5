import pytest

from accounts.rules.names import words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Hôpital de l'Orée", {"hopital", "oree"}),
        ("L’ORÉE : hôpital", {"hopital", "oree"}),
        ("Centre d'imagerie 2", {"centre", "imagerie", "2"}),
        ("De la", set()),
    ],
)
def test_order_case_accents_and_small_words_do_not_distinguish_names(name, words):
    assert words_of(name) == words
