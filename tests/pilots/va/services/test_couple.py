"""What a change of the couple DRIMbox / proxy obliges to look at again."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Kind, Role
from calendar_app.services.solutions import solution_update
from pilots.enums import ConnectorKind, ConnectorState, VACase
from pilots.va.models import VA, CoupleCheck
from pilots.va.selectors.couple import couples_of, past, review
from pilots.va.services.connectors import set_connector
from pilots.va.services.couple import acknowledge
from tests.by import acting
from tests.calendar_app.papers import upload
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)

BEFORE = dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC)
CHANGE = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def solution(calendars):
    return SolutionFactory(
        drimbox=True, name="Passerelle", version="2.1", proxy_name="Relais", proxy_version="1.4"
    )


@pytest.fixture
def editeur(solution):
    return member(Role.SALARIE, solution.organisation, full_name="Lucie Ferrandin")


@pytest.fixture
def prestation(solution):
    return PrestationFactory(supplier=SupplierFactory(solution=solution))


@pytest.fixture
def change(solution, editeur):
    def do(now=CHANGE, **fields):
        return solution_update(
            solution=solution, by=acting(editeur, now), **(fields or {"proxy_version": "1.5"})
        )

    return do


@pytest.fixture
def distributeur(solution):
    """Its prestation, on the éditeur's solution."""
    organisation = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    supplier = SupplierFactory(solution=solution, organisation=organisation)
    return PrestationFactory(supplier=supplier)


def signed(prestation, on, recorded_at=BEFORE):
    return VA.objects.create(
        prestation=prestation,
        case=VACase.ALL_VERIFIED,
        finalised_on=on,
        signed_on=on,
        signatory_name="Directrice Fictive",
        recorded_at=recorded_at,
    )


def validated(prestation, on, now=BEFORE, kind=ConnectorKind.DB_CR):
    return set_connector(
        prestation,
        kind,
        state=ConnectorState.VALIDATED,
        on=on,
        proofs=[upload()],
        by=acting(member(Role.SALARIE, prestation.organisation), now),
    )


def keys(solution, user, **narrowed):
    return {point.key for point in review(solution, user, **narrowed).open}


def test_nothing_is_asked_while_the_couple_is_as_it_was(solution, editeur, change, prestation):
    signed(prestation, BEFORE.date())
    change(market="A_PRECISER")
    assert review(solution, editeur).change is None
    assert not review(solution, editeur).points


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"name": "Passerelle Plus"}, "DRIMbox : Passerelle → Passerelle Plus"),
        ({"version": "3.0"}, "Version de la DRIMbox : 2.1 → 3.0"),
        ({"proxy_name": "Autre"}, "Proxy : Relais → Autre"),
        ({"proxy_version": ""}, "Version du proxy : 1.4 → vide"),
    ],
)
def test_each_half_of_the_couple_and_its_version_count(solution, change, fields, note):
    change(**fields)
    [found] = couples_of(solution).changes
    assert (found.notes, found.before) == ([note], "Passerelle 2.1 / Relais 1.4")
    assert (found.at, found.who) == (CHANGE, "Lucie Ferrandin")


def test_giving_a_version_left_empty_changes_nothing(calendars):
    solution = SolutionFactory(drimbox=True, proxy_version="")
    solution_update(solution=solution, proxy_version="1.0", by=acting(member(), CHANGE))
    assert not couples_of(solution).changes


def test_each_thing_recorded_of_the_old_couple_is_a_point(
    solution, editeur, change, prestation, distributeur
):
    va = signed(prestation, BEFORE.date())
    validated(distributeur, BEFORE.date())
    change()
    assert keys(solution, editeur) == {
        "referencement",
        "supervision",
        f"mandat:{distributeur.supplier_id}",
        f"va:{va.pk}",
        f"connecteurs:{distributeur.pk}",
    }


@pytest.mark.parametrize(
    "case",
    [
        (CHANGE - DAY, BEFORE, True),
        (CHANGE - DAY, NOW, True),
        (CHANGE, CHANGE - MINUTE, True),
        (CHANGE, CHANGE + MINUTE, False),
        (CHANGE + DAY, CHANGE + DAY, False),
    ],
)
def test_what_was_signed_or_validated_since_is_not_asked_again(
    solution, editeur, change, prestation, case
):
    on, recorded_at, asked = case
    va = signed(prestation, on.date(), recorded_at)
    if on.date() <= recorded_at.date():
        validated(prestation, on.date(), recorded_at)
    change()
    found = keys(solution, editeur)
    assert (f"va:{va.pk}" in found) is asked
    if on.date() <= recorded_at.date():
        assert (f"connecteurs:{prestation.pk}" in found) is asked


def test_a_referencing_pronounced_since_holds_for_the_new_couple(solution, editeur, change):
    change()
    solution.referenced_on = None
    assert "nomme bien Passerelle 2.1 / Relais 1.5." in review(solution, editeur).open[0].why
    solution.referenced_on = NOW.date()
    assert not keys(solution, editeur)


def test_a_mandate_that_was_over_is_not_asked(solution, editeur, change, distributeur):
    supplier = distributeur.supplier
    supplier.mandate_until = BEFORE.date()
    supplier.save()
    change()
    assert f"mandat:{supplier.pk}" not in keys(solution, editeur)


def test_a_distributeur_reads_its_own_points_alone(
    solution, editeur, change, prestation, distributeur
):
    signed(prestation, BEFORE.date())
    validated(distributeur, BEFORE.date())
    change()
    reader = member(Role.SALARIE, distributeur.organisation)
    assert keys(solution, reader) == {
        "referencement",
        "supervision",
        f"mandat:{distributeur.supplier_id}",
        f"connecteurs:{distributeur.pk}",
    }
    assert keys(solution, editeur, prestation=distributeur) == {f"connecteurs:{distributeur.pk}"}


def test_a_ris_has_no_couple(calendars):
    assert review(SolutionFactory(), member()).change is None


FIRST, SECOND = "Passerelle 2.1 / Relais 1.4", "Passerelle 2.1 / Relais 1.5"


@pytest.fixture
def changed_twice(change):
    """Relais 1.5 on the 20th, Passerelle 2.2 on the 22nd."""
    change()
    change(CHANGE + 2 * DAY, version="2.2")


@pytest.mark.parametrize(
    "case",
    [
        (CHANGE - DAY, BEFORE, FIRST),
        (CHANGE - DAY, NOW, FIRST),
        (CHANGE, CHANGE - MINUTE, FIRST),
        (CHANGE, CHANGE + MINUTE, SECOND),
        (CHANGE + DAY, NOW, SECOND),
        (CHANGE + 2 * DAY, CHANGE + 2 * DAY - MINUTE, SECOND),
    ],
)
def test_a_va_holds_for_the_couple_of_its_own_day(
    solution, editeur, prestation, changed_twice, case
):
    on, recorded_at, couple = case
    signed(prestation, on.date(), recorded_at)
    [point] = review(solution, editeur, prestation=prestation).open
    assert point.why == f"Signée le {on:%d/%m/%Y}, pour {couple}."


def test_half_connectors_are_counted_by_the_couple_of_their_day(
    solution, editeur, prestation, changed_twice
):
    validated(prestation, (CHANGE + DAY).date(), CHANGE + DAY)
    validated(prestation, BEFORE.date(), kind=ConnectorKind.DB_CALL)
    [point] = review(solution, editeur, prestation=prestation).open
    assert point.why == (
        f"1 demi-connecteur validé avec {FIRST}, 1 demi-connecteur validé avec {SECOND}."
    )


def test_mandate_and_referencing_hold_for_the_couple_of_their_day(
    solution, editeur, distributeur, changed_twice
):
    supplier = distributeur.supplier
    supplier.mandate_from = (CHANGE + DAY).date()
    supplier.save()
    solution.referenced_on = BEFORE.date()
    found = {point.key: point.why for point in review(solution, editeur).open}
    assert f"Donné du temps de {SECOND}" in found[f"mandat:{supplier.pk}"]
    assert f"prononcé le 10/11/2026 pour {FIRST}." in found["referencement"]


def test_what_was_recorded_of_a_couple_put_back_since_holds(solution, editeur, change, prestation):
    signed(prestation, BEFORE.date())
    change()
    change(NOW, proxy_version="1.4")
    assert keys(solution, editeur) == {"supervision"}


@pytest.fixture
def answer(solution, editeur):
    def do(*subjects, change=None, note="Vérifié avec le Client.", now=NOW):
        seen = review(solution, editeur).change
        return acknowledge(
            solution,
            change=change or seen.pk,
            subjects=subjects,
            note=note,
            by=acting(editeur, now),
        )

    return do


def test_a_point_looked_at_leaves_the_list_with_its_note(
    solution, editeur, change, prestation, answer
):
    change()
    answer("referencement")
    found = review(solution, editeur)
    assert [point.key for point in found.open] == ["supervision"]
    [point] = found.closed
    assert (point.check.note, point.check.checked_by_name) == (
        "Vérifié avec le Client.",
        "Lucie Ferrandin",
    )
    assert [entry["what"] for entry in past(solution)] == ["Revu : Référencement", "Couple modifié"]


def test_another_change_asks_everything_again(solution, editeur, change, prestation, answer):
    change()
    answer("referencement", "supervision")
    assert not keys(solution, editeur)
    change(NOW, proxy_version="1.6")
    assert keys(solution, editeur) == {"referencement", "supervision"}
    assert len(past(solution)) == 4


@pytest.mark.parametrize(
    ("subjects", "fields", "sentence"),
    [
        (("referencement",), {"note": "  "}, "constaté"),
        ((), {}, "au moins un point"),
        (("va:999",), {}, "relisez la liste"),
        (("referencement",), {"change": 999_999}, "vient de changer encore"),
    ],
)
def test_an_answer_to_another_list_is_refused(change, answer, subjects, fields, sentence):
    change()
    with pytest.raises(ValidationError, match=sentence):
        answer(*subjects, **fields)
    assert not CoupleCheck.objects.exists()


def test_the_second_of_two_who_answer_is_refused(change, answer):
    change()
    answer("referencement")
    with pytest.raises(ValidationError, match="entre-temps"):
        answer("referencement")
    assert CoupleCheck.objects.count() == 1


def test_queries_do_not_grow_with_the_prestations(
    solution, editeur, change, django_assert_max_num_queries
):
    supplier = SupplierFactory(solution=solution)
    for _ in range(5):
        one = PrestationFactory(supplier=supplier)
        signed(one, BEFORE.date())
        validated(one, BEFORE.date())
    change()
    with django_assert_max_num_queries(8):
        assert len(review(solution, editeur).open) == 12
