"""What was kept before identifiers were folded: folded by a migration, collisions named."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.enums import Kind
from accounts.models import Organisation, User
from perf.models import OutageEvent, OutageVersion
from tests.factories import OrganisationFactory, ServiceFactory, UserFactory
from tests.perf.outages.cases import said

pytestmark = pytest.mark.django_db


def migrate(app, name):
    """With the models of migrations, whose fields do not fold."""
    state = MigrationLoader(connection).project_state()
    import_module(f"{app}.migrations.{name}").fold_identifiers(state.apps, None)


def keep(row, field, text):
    """As a row of before: no field folds what SQL writes."""
    with connection.cursor() as cursor:
        table = row._meta.db_table
        cursor.execute(f"UPDATE {table} SET {field} = %s WHERE id = %s", [text, row.pk])  # noqa: S608


def kept(model, field):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {field} FROM {model._meta.db_table} ORDER BY id")  # noqa: S608
        return [value for (value,) in cursor.fetchall()]


def test_an_address_that_nobody_could_enter_is_entered():
    user = UserFactory(email="a@exemple.example")
    keep(user, "email", "a\u200b@exemple.example")
    migrate("accounts", "0003_folded_identifiers")
    assert kept(User, "email") == ["a@exemple.example"]


def test_a_second_editeur_of_one_siren_stays_and_is_named(caplog):
    OrganisationFactory(kind=Kind.EDITEUR, siren="552100554")
    second = OrganisationFactory(kind=Kind.EDITEUR, siren="900000001")
    keep(second, "siren", "５５２１００５５４")
    migrate("accounts", "0003_folded_identifiers")
    assert kept(Organisation, "siren") == ["552100554", "５５２１００５５４"]
    [record] = caplog.records
    assert f"accounts.Organisation {second.pk} keeps siren '\\uff15" in record.getMessage()


def test_an_organisation_is_found_by_its_folded_number():
    organisation = OrganisationFactory(kind=Kind.EDITEUR, siren="552100554")
    keep(organisation, "siren", "５５２１００５５４")
    keep(organisation, "search_text", "５５２１００５５４")
    migrate("accounts", "0003_folded_identifiers")
    assert list(Organisation.objects.search("552100554")) == [organisation]


def test_the_later_of_two_outages_takes_its_own_number_and_its_journal_says_so(calendars):
    service = ServiceFactory()
    for reference in ("INC-7", "INC-8", "INC-9"):
        said(service, reference=reference)
    _first, second, third = OutageVersion.objects.order_by("pk")
    keep(second, "reference", "INC-7\u200b")
    keep(third, "reference", "INC-９")
    migrate("perf", "0003_folded_identifiers")
    assert kept(OutageVersion, "reference") == ["INC-7", f"INC-7 ({second.pk})", "INC-9"]
    [event] = OutageEvent.objects.filter(what__startswith="Référence changée")
    assert (event.outage_id, event.actor_name) == (second.outage_id, "Application")
