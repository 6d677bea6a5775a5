import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from calendar_app.models import Prestation
from calendar_app.services.prestations import prestation_create, prestation_update
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, SolutionFactory, SupplierFactory, UserFactory

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def create(supplier=None, client=None, **fields):
    return prestation_create(
        supplier=supplier or SupplierFactory(),
        client=client or OrganisationFactory(client=True),
        by=acting(UserFactory(), NOW),
        **fields,
    )


def test_a_new_prestation_comes_with_the_deadlines_of_its_fournisseur():
    prestation = create(order_reference="BDC-7", ordered_on=dt.date(2026, 11, 22))

    deadlines = prestation.deadlines.all()
    assert [d.milestone.number for d in deadlines] == [4, 5, 6]
    assert {d.organisation for d in deadlines} == {prestation.supplier.organisation}


def test_missing_rights_never_block_data_entry():
    supplier = SupplierFactory(psc_from=None, psc_until=None, mandate_from=None, mandate_until=None)

    assert create(supplier).pk


def test_one_prestation_per_client_dispositif_and_fournisseur_whatever_the_solution():
    first = create()
    other = SolutionFactory(organisation=first.organisation)
    supplier = SupplierFactory(solution=other)

    with pytest.raises(ValidationError) as refused:
        create(supplier, first.client)

    assert "déjà une prestation chez ce Client" in refused.value.messages[0]
    assert Prestation.objects.count() == 1


def test_another_fournisseur_or_another_dispositif_at_the_same_client_is_another_prestation():
    first = create()
    drimbox = SolutionFactory(drimbox=True, organisation=first.organisation)

    create(SupplierFactory(solution=drimbox), first.client)
    create(client=first.client)

    assert first.client.prestations_received.count() == 3


def test_only_a_client_receives_a_prestation():
    with pytest.raises(ValidationError) as refused:
        create(client=OrganisationFactory())

    assert list(refused.value.message_dict) == ["client"]


def test_an_order_is_not_signed_tomorrow():
    with pytest.raises(ValidationError) as refused:
        create(ordered_on=dt.date(2026, 11, 23))

    assert list(refused.value.message_dict) == ["ordered_on"]


def test_the_order_can_be_changed_and_its_history_keeps_what_it_was():
    user, prestation = UserFactory(), create(order_reference="BDC-7")

    prestation_update(
        prestation=prestation, order_reference="BDC-8", ordered_on=None, by=acting(user, NOW)
    )

    created, changed = entries(prestation)
    assert (created.what, created.after["order_reference"]) == ("Création", "BDC-7")
    assert changed.note == "Référence du bon de commande : BDC-7 → BDC-8"
    assert str(changed.signer) == str(user)


def test_without_its_deadlines_there_is_no_prestation(monkeypatch):
    def fail(**_given):
        raise RuntimeError("base arrêtée")

    monkeypatch.setattr("calendar_app.services.prestations.open_deadlines", fail)
    with pytest.raises(RuntimeError):
        create()

    assert not Prestation.objects.exists()
