import pytest
from django.core.exceptions import ValidationError

from accounts.rules.numbers import validate_finess, validate_siren, validate_siret
from segur.lib.texts import compact


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("900 000 001", "900000001"),
        (" 900.000.001 ", "900000001"),
        ("900-000-001", "900000001"),
        ("900\u00a0000\u202f001", "900000001"),
        ("９００ ０００ ００１", "900000001"),
        ("٩٠٠٠٠٠٠٠١", "900000001"),
        ("\u200b900000001\ufeff", "900000001"),
        ("900\u2011000\u2010001", "900000001"),
        ("2a0000001", "2A0000001"),
        ("", ""),
    ],
)
def test_spaces_dots_and_hyphens_are_not_part_of_a_number(typed, kept):
    assert compact(typed) == kept


def is_accepted(validate, number):
    try:
        validate(number)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("number", ["900000001", "900 000 001", "123456782", "123.456.782"])
def test_siren_with_its_luhn_key(number):
    assert is_accepted(validate_siren, number)


@pytest.mark.parametrize(
    "number",
    ["900000002", "123456789", "90000001", "9000000011", "90000000A", "000000000", "", "SIREN"],
)
def test_siren_that_does_not_exist(number):
    with pytest.raises(ValidationError, match="Ce numéro SIREN n'existe pas"):
        validate_siren(number)


@pytest.mark.parametrize("number", ["90000000100017", "900 000 001 00017"])
def test_siret_with_its_luhn_key(number):
    assert is_accepted(validate_siret, number)


@pytest.mark.parametrize(
    "number", ["90000000100018", "900000001", "900000001000170", "00000000000000", "9000000010001X"]
)
def test_siret_that_does_not_exist(number):
    with pytest.raises(ValidationError, match="Ce numéro SIRET n'existe pas"):
        validate_siret(number)


@pytest.mark.parametrize(
    "number", ["750000001", "75 000 0001", "2A0000001", "2b0000001", "970400001"]
)
def test_finess_of_nine_characters(number):
    assert is_accepted(validate_finess, number)


@pytest.mark.parametrize(
    "number", ["75000000", "7500000011", "2C0000001", "A20000001", "75000000A", "", "75000000O"]
)
def test_finess_of_another_form(number):
    with pytest.raises(ValidationError, match="n'a pas la bonne forme"):
        validate_finess(number)


@pytest.mark.parametrize(
    ("validate", "code"),
    [(validate_siren, "siren"), (validate_siret, "siret"), (validate_finess, "finess")],
)
def test_each_refusal_has_the_code_of_its_number(validate, code):
    with pytest.raises(ValidationError) as refusal:
        validate("1")
    assert refusal.value.code == code
