import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organisation
from segur.lib.search import halves, is_near, plain, within_one, words
from tests.factories import OrganisationFactory


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Hôpital Saint-Éloi", "hopital saint-eloi"),
        ("L’Œuvre", "l'œuvre"),
        ("CLINIQUE", "clinique"),
        ("", ""),
    ],
)
def test_accents_and_case_do_not_count(text, key):
    assert plain(text) == key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hopital", True),
        ("HÔPITAL", True),
        ("eloi hopital", True),
        ("montpellier", True),
        ("340000001", True),
        ("340 000", True),
        ("hopital lyon", False),
        ("%", False),
        ("", True),
        ("   ", True),
    ],
)
def test_every_word_is_looked_for_in_name_commune_and_numbers(typed, found):
    OrganisationFactory(
        client=True, name="Hôpital Saint-Éloi", city="Montpellier", finess="340000001"
    )
    assert Organisation.objects.search(typed).exists() is found


@pytest.mark.django_db
def test_a_renamed_organisation_is_found_by_its_new_name():
    organisation = OrganisationFactory(name="Ancien nom")
    organisation.name = "Nom tout neuf"
    organisation.save(update_fields=["name"])
    assert list(Organisation.objects.search("neuf")) == [organisation]
    assert not Organisation.objects.search("ancien").exists()


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("hopital", "hopital", True),
        ("hopital", "hopitel", True),
        ("hopital", "hopitall", True),
        ("hopital", "hopita", True),
        ("hopital", "opital", True),
        ("hopital", "hoiptal", True),
        ("hopital", "hoptail", False),
        ("hopital", "hopi", False),
        ("hopital", "hxpxtal", False),
        ("", "a", True),
        ("ab", "ba", True),
        ("abc", "cab", False),
    ],
)
def test_one_letter_apart(a, b, near):
    assert within_one(a, b) is within_one(b, a) is near


@given(st.text("abc", min_size=5, max_size=9), st.data())
def test_half_of_a_word_with_one_wrong_letter_stands_in_the_right_one(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(["", "x"]))
    added = data.draw(st.booleans())
    typed = word[:place] + letter + word[place + (not added or not letter) :]
    assert within_one(typed, word)
    assert len(typed) < 5 or any(half in word for half in halves(typed))


@pytest.mark.parametrize("word", ["abcd", "940000123", "v2024", ""])
def test_nothing_is_forgiven_in_a_short_word_or_a_number(word):
    assert halves(word) == ()


@pytest.mark.parametrize(
    ("typed", "text", "near"),
    [
        ("saint etiemne", "hopital saint-etienne", True),
        ("etiem", "hopital saint-etienne", True),  # the beginning of a word
        ("sant etienne", "hopital saint-etienne", False),  # a short word is another word
        ("paris etienne", "hopital saint-etienne", False),
    ],
)
def test_each_word_is_near_one_of_the_text(typed, text, near):
    assert is_near(words(typed), text) is near


def test_signs_separate_words_and_each_counts_once():
    assert words("L’Hôpital-Nord, l'hôpital") == ["l", "hopital", "nord"]
