"""Fields that fold: whoever writes, assigns or queries, an identifier has one form."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import Kind
from accounts.models import Organisation, User
from segur.fields import AddressFormField, IdentifierFormField, WholeNumberField
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_what_is_assigned_is_folded_at_once():
    assert User(email="\ufeffA.Nom@Exemple\u200b.example").email == "a.nom@exemple.example"
    assert Organisation(siren="５５２ １００ ５５４").siren == "552100554"


def test_what_is_kept_is_folded_however_it_is_written():
    made = OrganisationFactory(siren="552\u202f100\u202f554")
    assert Organisation.objects.filter(pk=made.pk).values_list("siren", flat=True)[0] == "552100554"
    Organisation.objects.filter(pk=made.pk).update(siren="９０００００００1")
    assert Organisation.objects.values_list("siren", flat=True).get(pk=made.pk) == "900000001"
    Organisation.objects.bulk_create(
        [Organisation(kind=Kind.EDITEUR, name="B", siren="55210\xad0554")]
    )
    assert Organisation.objects.filter(siren="552100554").exists()


def test_what_is_looked_for_is_folded():
    user = UserFactory(email="a.nom@exemple.example")
    for asked in ("\u200bA.Nom@exemple.example", "ａ.nom＠exemple.example"):
        assert User.objects.get(email__iexact=asked) == user
        assert User.objects.get(email__in=[asked]) == user
        assert User.objects.get(email__icontains=asked) == user
        assert User.objects.get_by_natural_key(asked) == user


def test_two_that_look_alike_are_one_to_the_database():
    OrganisationFactory(kind=Kind.EDITEUR, siren="552100554")
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationFactory(kind=Kind.EDITEUR, siren="５５２１００５５４")


def test_a_row_read_in_part_gets_the_rest_when_it_is_asked_for():
    pk = OrganisationFactory(siren="552100554").pk
    assert Organisation.objects.only("name").get(pk=pk).siren == "552100554"


def test_a_name_keeps_its_letters_and_loses_what_cannot_be_seen():
    made = OrganisationFactory(name="Éditions\u00a0 Ima\u200dgix™ \u202eno\u00a01")
    assert made.name == "Éditions Imagix™ no 1"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("１２", 12),
        ("٣٤", 34),
        ("12\u202f345", 12345),
        ("1\u00a0234\u00a0567", 1234567),
        ("\u200b7\ufeff", 7),
        (" 7 ", 7),
        ("−7", -7),
    ],
)
def test_a_whole_number(typed, read):
    assert WholeNumberField().clean(typed) == read


@pytest.mark.parametrize("typed", ["1 2", "1 23", "12 34 567", "½", "²a"])
def test_what_is_no_whole_number(typed):
    with pytest.raises(ValidationError):
        WholeNumberField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Prenom.Nom@Hopital.Example ", "prenom.nom@hopital.example"),
        ("prenom.nom@hôpital.example", "prenom.nom@hôpital.example"),
        ("prenom\u200b.nom@hopital.example\u202c", "prenom.nom@hopital.example"),
        ("ｐrenom.nom@hopital.example", "prenom.nom@hopital.example"),
        ("mailto\u2011prenom@hopital.example", "mailto-prenom@hopital.example"),
    ],
)
def test_an_address(typed, kept):
    assert AddressFormField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "dıdier@hopital.example",
        "hélène@hopital.example",
        "а@hopital.example",
        "a@b",
        "a b@c.example",
    ],
)
def test_an_address_that_no_account_can_have(typed):
    with pytest.raises(ValidationError):
        AddressFormField().clean(typed)


def test_the_longest_is_measured_once_folded():
    assert IdentifierFormField(max_length=5).clean("INC-7\u200b\u200b") == "INC-7"
