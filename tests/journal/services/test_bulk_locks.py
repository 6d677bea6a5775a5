"""The rows of an act on many are locked before they are judged: PostgreSQL refuses to lock a query
that groups or merges rows, SQLite has no such lock.
"""

import pytest
from django.urls import reverse

from accounts.enums import Role
from journal.services.bulk import ACTS
from tests.factories import OrganisationFactory, member


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.RESPONSABLE])
def test_the_rows_of_every_act_can_be_locked(role):
    reverse("home")  # the views register their acts
    assert ACTS
    reader = member(role, OrganisationFactory(ans=role == Role.RESPONSABLE))
    for act in ACTS.values():
        rows = act.rows(reader).filter(pk__in=[1]).order_by("pk")
        assert list(rows.select_for_update(of=("self",), no_key=True)) == []
