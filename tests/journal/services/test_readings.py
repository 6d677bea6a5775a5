"""A save based on a stale page is refused, with who saved what and when."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from calendar_app.services.suppliers import supplier_update
from journal.services.readings import fields_stamp
from tests.by import acting
from tests.factories import SupplierFactory, UserFactory

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
FIRST, OTHER = dt.date(2028, 12, 31), dt.date(2027, 6, 30)


@pytest.fixture
def supplier(calendars):
    return SupplierFactory(mandate_until=FIRST)


def change(supplier, name, minutes, *, read=None, **fields):
    return supplier_update(
        supplier=supplier,
        read=read,
        by=acting(UserFactory(full_name=name), NOW + dt.timedelta(minutes=minutes)),
        **fields,
    )


def refusal(act, *args, **kwargs):
    with pytest.raises(ValidationError) as refused:
        act(*args, **kwargs)
    [sentence] = refused.value.messages
    return sentence


def test_who_gave_the_present_value_is_named_even_where_it_is_that_of_before(supplier):
    change(supplier, "Ana Fictive", 1, mandate_until=FIRST, psc_until=OTHER)
    changed = change(supplier, "Bruno Fictif", 2, mandate_until=OTHER)
    read = fields_stamp(changed, ["mandate_until"])
    change(supplier, "Chloé Fictive", 3, mandate_until=FIRST)
    change(supplier, "Denis Fictif", 4, psc_until=FIRST)

    words = refusal(change, supplier, "Emma Fictive", 5, read=read, mandate_until=OTHER)

    assert "Chloé Fictive a entre-temps modifié ces droits, 22/11/2026 à 10h03" in words
    supplier.refresh_from_db()
    assert supplier.mandate_until == FIRST
