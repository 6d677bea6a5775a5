"""An electronic signature beside the person and the day that the PV names."""

import datetime as dt

import pytest

from pilots.pv.rules.signatory import Signed, doubts, names

DAY = dt.date(2026, 11, 12)


def checked(*signatures, signatory="Dr Aurèle Fontbrune", signed_on=DAY):
    return doubts(signatures, signatory=signatory, signed_on=signed_on)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dr Aurèle FONTBRUNE", {"aurele", "fontbrune"}),
        ("de La Roche-d'Étang, Mme Zoé", {"roche", "etang", "zoe"}),
        ("Fontbrune A.", {"fontbrune"}),
        ("M. Le Goff", {"goff"}),
        ("", set()),
    ],
)
def test_the_words_of_a_name(text, found):
    assert names(text) == found


@pytest.mark.parametrize("name", ["FONTBRUNE Aurele", "aurèle fontbrune", "A. Fontbrune", "Aurèle"])
def test_a_name_that_has_a_part_of_it_fits(name):
    assert checked(Signed(name, DAY)) == []


@pytest.mark.parametrize(
    "name", ["Camille Fictive", "Dr Camille Fictive", "CHU Fictif", "sans nom"]
)
def test_another_name_is_reported(name):
    [words] = checked(Signed(name, DAY))
    assert f"au nom de « {name} »" in words
    assert "le signataire nommé est « Dr Aurèle Fontbrune »" in words


def test_one_signature_that_fits_is_enough_and_the_day_is_its_own():
    other, theirs = Signed("Camille Fictive", DAY), Signed("A. Fontbrune", dt.date(2026, 11, 13))
    assert checked(other, Signed("A. Fontbrune", DAY)) == []
    [words] = checked(other, theirs)
    assert "est du 13/11/2026, et le jour de signature déclaré est le 12/11/2026" in words


@pytest.mark.parametrize(
    ("signature", "signatory", "signed_on"),
    [
        (Signed("Fontbrune", None), "Aurèle Fontbrune", DAY),
        (Signed("Fontbrune", DAY), "Aurèle Fontbrune", None),
        (Signed("Camille", DAY), "", DAY),
    ],
    ids=["no instant", "no day declared", "nobody named"],
)
def test_what_is_not_known_is_not_held_against_it(signature, signatory, signed_on):
    assert checked(signature, signatory=signatory, signed_on=signed_on) == []


def test_a_file_without_electronic_signature_says_nothing():
    assert checked() == []


NOT_NAMES = """Dr Docteur Pr Prof Professeur Me Maître Mr Monsieur Mme Madame Mlle Mademoiselle
de des du la le les van von et"""


@pytest.mark.parametrize("word", NOT_NAMES.split())
def test_a_title_a_civility_or_a_particle_names_nobody(word):
    assert names(f"{word} Fontbrune") == {"fontbrune"}
    assert checked(Signed(f"{word} Autre", DAY), signatory=f"{word} Fontbrune") != []


def test_every_name_of_a_file_that_fits_none_is_reported_and_the_first_day():
    first = Signed("Un Autre", dt.date(2026, 11, 13))
    names_reported, day_reported = checked(
        first, Signed("Une Autre", None), Signed("Une Tierce", dt.date(2026, 11, 14))
    )
    assert "au nom de « Un Autre », « Une Autre », « Une Tierce », et" in names_reported
    assert "est du 13/11/2026" in day_reported


def test_of_two_signatures_that_fit_one_on_the_declared_day_is_enough():
    other_day = Signed("Fontbrune", dt.date(2026, 11, 13))
    assert checked(other_day, Signed("Fontbrune", DAY)) == []
