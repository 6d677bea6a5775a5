import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Kind
from calendar_app.models import Supplier
from calendar_app.services.suppliers import (
    UNKNOWN_SIREN,
    distributeur_of,
    supplier_create,
    supplier_update,
)
from tests.by import acting
from tests.entries import entries
from tests.factories import (
    OrganisationFactory,
    SolutionFactory,
    SupplierFactory,
    UserFactory,
)

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def distributeur():
    return OrganisationFactory(kind=Kind.DISTRIBUTEUR, name="Revendix", siren="732829320")


@pytest.mark.parametrize("typed", ["732829320", "732 829 320", " 732.829.320 "])
def test_a_distributeur_is_found_by_its_exact_siren(distributeur, typed):
    assert distributeur_of(typed) == distributeur


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("73282932", "n'existe pas"),
        ("732829321", "n'existe pas"),
        ("404833048", UNKNOWN_SIREN),
    ],
)
def test_a_wrong_or_unknown_siren_says_what_to_do(distributeur, typed, says):
    with pytest.raises(ValidationError) as refused:
        distributeur_of(typed)

    [message] = refused.value.message_dict["siren"]
    assert says in message


def test_the_siren_of_an_editeur_or_of_a_closed_distributeur_is_unknown(distributeur):
    editeur = OrganisationFactory(kind=Kind.EDITEUR, siren="404833048")
    distributeur.is_active = False
    distributeur.save()

    for organisation in (editeur, distributeur):
        with pytest.raises(ValidationError):
            distributeur_of(organisation.siren)


def declare(organisation, **fields):
    return supplier_create(
        solution=fields.pop("solution", None) or SolutionFactory(),
        organisation=organisation,
        by=acting(UserFactory(), NOW),
        **fields,
    )


def test_a_distributeur_is_added_with_what_is_known_of_its_rights(distributeur):
    supplier = declare(distributeur, declared_on=TODAY, mandate_from=TODAY)

    assert (supplier.declared_on, supplier.mandate_until) == (TODAY, None)
    assert not supplier.is_editeur


def test_the_same_distributeur_twice_is_refused(distributeur):
    solution = SolutionFactory()
    declare(distributeur, solution=solution)

    with pytest.raises(ValidationError) as refused:
        declare(distributeur, solution=solution)

    assert refused.value.messages == ["Cette organisation est déjà Fournisseur de la solution."]


def test_a_client_is_no_distributeur():
    with pytest.raises(ValidationError):
        declare(OrganisationFactory(client=True))


IMPOSSIBLE = pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"declared_on": TODAY + dt.timedelta(days=1)}, "declared_on"),
        ({"mandate_until": TODAY}, "mandate_from"),
        ({"mandate_from": TODAY, "mandate_until": TODAY - dt.timedelta(days=1)}, "mandate_until"),
        ({"psc_until": TODAY}, "psc_from"),
        ({"psc_from": TODAY, "psc_until": TODAY - dt.timedelta(days=1)}, "psc_until"),
    ],
)


@IMPOSSIBLE
def test_impossible_dates_are_refused_by_their_field(distributeur, fields, wrong):
    with pytest.raises(ValidationError) as refused:
        declare(distributeur, **fields)

    assert list(refused.value.message_dict) == [wrong]
    assert not Supplier.objects.exists()


@IMPOSSIBLE
def test_rights_are_not_changed_to_impossible_dates(distributeur, fields, wrong):
    supplier = declare(distributeur)
    with pytest.raises(ValidationError) as refused:
        supplier_update(supplier=supplier, by=acting(UserFactory(), NOW), **fields)

    assert list(refused.value.message_dict) == [wrong]
    assert [entry.what for entry in entries(supplier)] == ["Création"]


def test_a_right_of_one_day_and_a_mandate_to_come_are_possible(distributeur):
    tomorrow = TODAY + dt.timedelta(days=1)

    supplier = declare(
        distributeur, psc_from=TODAY, psc_until=TODAY, mandate_from=tomorrow, mandate_until=tomorrow
    )

    assert supplier.psc_until == TODAY


def test_each_party_changes_its_own_part_and_keeps_the_other_s():
    supplier = SupplierFactory(psc_until=TODAY)
    stale = Supplier.objects.get(pk=supplier.pk)
    supplier_update(supplier=supplier, psc_until=None, by=acting(UserFactory(), NOW))

    updated = supplier_update(supplier=stale, mandate_until=TODAY, by=acting(UserFactory(), NOW))

    assert (updated.mandate_until, updated.psc_until) == (TODAY, None)
