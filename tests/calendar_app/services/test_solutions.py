import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.enums import Kind
from calendar_app.enums import Market
from calendar_app.models import Dispositif, Solution
from calendar_app.services.solutions import (
    solution_create,
    solution_reference,
    solution_update,
)
from journal.services.changes import save_checked
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, SolutionFactory, member

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def create(user, slug="ris", **fields):
    organisation = user.memberships.get().organisation
    return solution_create(
        **{
            "organisation": organisation,
            "dispositif": Dispositif.objects.get(slug=slug),
            "name": "RIS Azimut",
            "by": acting(user, NOW),
            **fields,
        }
    )


def test_a_new_solution_comes_with_its_three_deadlines_and_its_editeur_as_fournisseur():
    user = member()

    solution = create(user, version="3.1", market=Market.COMPETITIVE)

    assert [d.milestone.number for d in solution.deadlines.all()] == [1, 2, 3]
    assert {d.organisation for d in solution.deadlines.all()} == {solution.organisation}
    [supplier] = solution.suppliers.all()
    assert supplier.is_editeur


def test_the_history_says_who_and_when():
    user = member()

    solution = create(user)

    [entry] = entries(solution)
    assert (entry.what, str(entry.signer), entry.at) == ("Création", str(user), NOW)


def test_a_drimbox_needs_its_proxy():
    with pytest.raises(ValidationError) as refused:
        create(member(), slug="drimbox")

    assert list(refused.value.message_dict) == ["proxy_name"]
    assert not Solution.objects.exists()


def test_a_ris_has_no_proxy():
    with pytest.raises(ValidationError) as refused:
        create(member(), proxy_name="Proxy fictif")

    assert list(refused.value.message_dict) == ["proxy_name"]


@pytest.mark.parametrize(
    "fields",
    [
        {"referenced_on": dt.date(2026, 11, 23)},
        {"reference_number": "V2-0042"},
    ],
)
def test_a_referencing_is_dated_and_not_to_come(fields):
    with pytest.raises(ValidationError) as refused:
        create(member(), **fields)

    assert list(refused.value.message_dict) == ["referenced_on"]


def test_the_day_of_the_referencing_is_a_paris_day():
    user = member()
    late_evening = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)

    solution = create(user, referenced_on=dt.date(2026, 11, 23), by=acting(user, late_evening))

    assert solution.referenced_on == dt.date(2026, 11, 23)


@pytest.mark.parametrize("kind", [Kind.DISTRIBUTEUR, Kind.ANS])
def test_only_an_editeur_has_solutions(kind):
    user = member(organisation=OrganisationFactory(kind=kind))

    with pytest.raises(ValidationError):
        create(user)


def test_the_same_solution_twice_is_refused_in_french():
    user = member()
    create(user, version="3.1")

    with pytest.raises(ValidationError) as refused:
        create(user, version="3.1")

    assert refused.value.messages == ["Cette solution est déjà enregistrée."]


def test_two_people_creating_it_at_once_the_second_reads_the_same_sentence(monkeypatch):
    user = member()
    first = create(user, version="3.1")
    twin = Solution(
        organisation=first.organisation,
        dispositif=first.dispositif,
        name=first.name,
        version=first.version,
    )
    monkeypatch.setattr(twin, "full_clean", lambda: None)

    with pytest.raises(ValidationError) as refused:
        save_checked(twin)

    assert refused.value.messages == ["Cette solution est déjà enregistrée."]


def test_another_integrity_error_is_not_hidden(monkeypatch):
    twin = SolutionFactory.build(organisation=None, dispositif=SolutionFactory().dispositif)
    monkeypatch.setattr(twin, "full_clean", lambda: None)
    monkeypatch.setattr(twin, "validate_constraints", lambda: None)

    with pytest.raises(IntegrityError):
        save_checked(twin)


def test_a_new_version_or_another_proxy_is_the_same_solution_with_its_history():
    user = member()
    solution = create(user, slug="drimbox", proxy_name="Proxy A", version="1")

    updated = solution_update(
        solution=solution, proxy_name="Proxy B", version="2", by=acting(user, NOW)
    )

    assert updated.pk == solution.pk
    assert str(updated) == "RIS Azimut / Proxy B"
    assert [(entry.after["proxy_name"], entry.after["version"]) for entry in entries(updated)] == [
        ("Proxy A", "1"),
        ("Proxy B", "2"),
    ]


def test_a_refused_change_leaves_the_solution_as_it_was():
    user = member()
    solution = create(user, slug="drimbox", proxy_name="Proxy A")

    with pytest.raises(ValidationError):
        solution_update(solution=solution, name="Autre", proxy_name="", by=acting(user, NOW))

    solution.refresh_from_db()
    assert (solution.name, solution.proxy_name) == ("RIS Azimut", "Proxy A")


def test_the_referencing_can_be_recorded_and_corrected():
    user = member()
    solution = create(user)

    for day, number in ((dt.date(2026, 9, 1), "V2-0042"), (None, "")):
        solution = solution_reference(
            solution=solution, referenced_on=day, reference_number=number, by=acting(user, NOW)
        )

    assert solution.referenced_on is None
    assert len(entries(solution)) == 3
