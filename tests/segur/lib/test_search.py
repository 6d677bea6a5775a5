import pytest

from accounts.models import Organisation
from segur.lib.search import plain
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
