import datetime as dt

import pytest

from calendar_app.enums import Market
from calendar_app.models import Dispositif
from calendar_app.services.solutions import solution_create, solution_update
from calendar_app.services.suppliers import supplier_update
from journal.models import Entry
from journal.selectors.entries import LATEST, edits, organisations_in, organisations_of_all
from journal.services.entries import write
from tests.by import acting
from tests.factories import (
    OrganisationFactory,
    SolutionFactory,
    SupplierFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def test_changes_are_shown_in_words_newest_first():
    user = UserFactory(full_name="Jeanne Clairval")
    organisation = OrganisationFactory()
    solution = solution_create(
        organisation=organisation,
        dispositif=Dispositif.objects.get(slug="ris"),
        name="RIS Azimut",
        by=acting(None, NOW),
    )

    solution_update(
        solution=solution, version="2.1", market=Market.COMPETITIVE, by=acting(user, NOW)
    )

    change, creation = edits(solution, user)
    assert change == {
        "at": NOW,
        "who": "Jeanne Clairval",
        "what": "Modification",
        "note": (
            "Mise sur le marché : À préciser → Proposée sur un marché concurrentiel\n"
            "Version : vide → 2.1"
        ),
    }
    assert (creation["what"], creation["who"]) == ("Création", "Application")


def test_dates_and_yes_or_no_are_shown_as_people_write_them():
    supplier = SupplierFactory(mandate_until=None)

    supplier_update(
        supplier=supplier,
        mandate_until=dt.date(2027, 1, 31),
        psc_by_mandate=True,
        by=acting(UserFactory(), NOW),
    )

    note = edits(supplier, UserFactory())[0]["note"]
    assert "Mandat valable jusqu'au : vide → 31/01/2027" in note
    assert "habilitation EDC PSC de l'éditeur : non → oui" in note


def test_saving_without_change_is_not_shown():
    solution = SolutionFactory()

    solution_update(solution=solution, name=solution.name, by=acting(UserFactory(), NOW))

    assert edits(solution, UserFactory()) == []


def test_only_the_latest_changes_are_shown(django_assert_num_queries):
    solution, user = SolutionFactory(), UserFactory()
    for n in range(LATEST + 5):
        solution_update(
            solution=solution, version=str(n), by=acting(user, NOW + dt.timedelta(minutes=n))
        )

    with django_assert_num_queries(2):
        entries = edits(solution, user)

    assert len(entries) == LATEST
    assert entries[0]["note"].endswith(f"→ {LATEST + 4}")


def test_the_organisations_of_the_journal_are_each_there_once(db):
    by = acting(member(), NOW)
    first, second, _none = (OrganisationFactory() for _ in range(3))
    for one in (second, first, second):
        write(one, "row.edit", by=by, what="Modifiée", organisation_id=one.pk)
    write(first, "row.edit", by=by, what="Modifiée")

    found = organisations_of_all()

    assert found == organisations_in(Entry.objects.all())
    assert {pk for pk, _name in found} == {first.pk, second.pk}


def test_an_empty_journal_is_about_no_organisation(db):
    assert organisations_of_all() == []
