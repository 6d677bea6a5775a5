import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import Organisation
from calendar_app.enums import FilingOrigin, State
from calendar_app.models import Deadline, Filing, Prestation
from calendar_app.reading.order_file import read_orders
from calendar_app.services.orders import Fate, create_orders, plan_orders
from journal.models import Entry
from tests.by import acting
from tests.entries import entries
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SupplierFactory,
    UserFactory,
    member,
)

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


@pytest.fixture
def supplier(calendars):
    return SupplierFactory()


@pytest.fixture
def hospitals(db):
    return [OrganisationFactory(client=True) for _ in range(3)]


def plan(supplier, text, *, may_file=True, now=NOW):
    lines = read_orders(text.encode())
    return plan_orders(supplier=supplier, lines=lines, may_file=may_file, now=now)


def filer(supplier):
    return member(Role.MANDATAIRE, supplier.organisation)


def create(supplier, text, actor=None):
    return create_orders(
        supplier=supplier, planned=plan(supplier, text), by=acting(actor or filer(supplier), NOW)
    )


def test_a_plan_writes_nothing(supplier, hospitals):
    planned = plan(supplier, "\n".join(f"{h.finess};BDC-{h.pk}" for h in hospitals))

    assert [order.client for order in planned] == hospitals
    assert not any(order.error for order in planned)
    assert not Prestation.objects.exists()


def test_every_line_is_created_with_its_deadlines_and_its_history(supplier, hospitals):
    user = UserFactory()

    created = create(supplier, "\n".join(f"{h.finess};BDC-{h.pk}" for h in hospitals), user)

    assert [prestation.client for prestation in created] == hospitals
    assert Deadline.objects.filter(prestation__in=created).count() == 9
    for prestation in created:
        assert prestation.order_reference == f"BDC-{prestation.client_id}"
        [entry] = entries(prestation)
        assert (entry.what, str(entry.signer)) == ("Création", str(user))


def test_the_deposit_of_the_advance_is_taken_over(supplier, hospitals):
    text = (
        f"{hospitals[0].finess};A;05/11/2026 17:42;ASP-1\n"
        f"{hospitals[1].finess};B;10/11/2026 12:00\n"
        f"{hospitals[2].finess};C"
    )

    created = create(supplier, text)

    states = [p.deadlines.get(milestone__number=4).state for p in created]
    assert states == [State.FILED, State.FILED, State.TO_DO]
    filing = Filing.objects.get(deadline__prestation=created[0])
    assert (filing.external_reference, filing.origin) == ("ASP-1", FilingOrigin.TAKEN_OVER)
    assert filing.is_without_proof
    assert not Filing.objects.exclude(deadline__milestone__number=4).exists()


@pytest.mark.parametrize(
    ("rest", "options", "says"),
    [
        (";BDC;23/11/2026 9h", {}, "dans le futur"),
        (";BDC;05/11/2026 9h", {"may_file": False}, "Seul un Représentant"),
        (
            ";BDC;05/11/2026 9h",
            {"now": dt.datetime(2026, 11, 9, tzinfo=dt.UTC)},
            "n'est pas passé",
        ),
    ],
)
def test_a_deposit_that_cannot_be_taken_over_is_shown(supplier, hospitals, rest, options, says):
    [order] = plan(supplier, hospitals[0].finess + rest, **options)

    assert says in order.error


@pytest.mark.parametrize(("since", "refused"), [(5, False), (6, True)])
def test_a_deposit_passes_the_gates_of_its_day(supplier, hospitals, since, refused):
    supplier.psc_from = dt.date(2026, 11, since)
    supplier.save()

    [order] = plan(supplier, f"{hospitals[0].finess};A;05/11/2026 17:42;ASP-1")

    expected = "Dépôt du 05/11/2026 17h42 refusé. L'habilitation EDC PSC"
    assert order.error.startswith(expected) is refused


@pytest.mark.parametrize(
    ("at", "is_taken"), [("10:59:59", False), ("11:00:00", True), ("11:00:01", True)]
)
def test_a_deposit_is_taken_over_from_the_instant_of_its_milestone(
    supplier, hospitals, at, is_taken
):
    now = dt.datetime.fromisoformat(f"2026-11-10T{at}+00:00")
    planned = plan(supplier, f"{hospitals[0].finess};A;05/11/2026 17:42", now=now)

    assert (planned[0].error == "") is is_taken
    if is_taken:
        [made] = create_orders(supplier=supplier, planned=planned, by=acting(filer(supplier), now))
        assert made.deadlines.get(milestone__number=4).state == State.FILED


def test_unknown_closed_and_already_served_clients_are_shown_by_line(supplier, hospitals):
    served, closed, _free = hospitals
    PrestationFactory(supplier=supplier, client=served)
    closed.is_active = False
    closed.save()

    text = f"{served.finess}\n{closed.finess}\n010000024"
    planned = plan(supplier, text)
    errors = [order.error for order in planned]

    assert (planned[0].fate, errors[0]) == (Fate.UNCHANGED, "")
    assert "manque à l'annuaire" in errors[1]
    assert "010000024" in errors[2]


def test_a_client_served_by_another_fournisseur_is_free_and_nothing_is_shown(supplier, hospitals):
    PrestationFactory(client=hospitals[0])

    [order] = plan(supplier, hospitals[0].finess)

    assert order.error == ""


def test_one_wrong_line_and_nothing_is_created(supplier, hospitals):
    with pytest.raises(ValidationError):
        create(supplier, f"{hospitals[0].finess}\n010000024")

    assert not Prestation.objects.exists()


def test_a_colleague_who_was_faster_is_shown_and_nothing_is_created(supplier, hospitals):
    planned = plan(supplier, "\n".join(h.finess for h in hospitals))
    PrestationFactory(supplier=supplier, client=hospitals[1])

    with pytest.raises(ValidationError, match="vient d'être créé"):
        create_orders(supplier=supplier, planned=planned, by=acting(UserFactory(), NOW))

    assert Prestation.objects.count() == 1


def test_nothing_is_refused(supplier):
    with pytest.raises(ValidationError) as refused:
        plan(supplier, "FINESS;BDC")

    assert list(refused.value.message_dict) == ["lines"]


def words_of(order):
    return order.fate, order.column, bool(order.alike)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("010000024;CH Neuf;", (Fate.NEW_CLIENT, "", False)),
        ("{known};;", (Fate.NEW_PRESTATION, "", False)),
        ("{known};Autre nom;", (Fate.NEW_PRESTATION, "", False)),
        ("010000024;;", (Fate.WRONG, "nom", False)),
        ("010000024;CH Neuf;123", (Fate.WRONG, "SIRET", False)),
        ("01000002;CH Neuf;", (Fate.WRONG, "FINESS", False)),
        ("010000024;{name};", (Fate.NEW_CLIENT, "", True)),
    ],
)
def test_each_line_says_what_it_does_and_where_it_is_wrong(supplier, hospitals, line, expected):
    known = hospitals[0]
    text = "FINESS;Nom;SIRET\n" + line.format(known=known.finess, name=known.name.upper())
    assert [words_of(order) for order in plan(supplier, text)] == [expected]


FORTY = "FINESS;Nom;Commune;BDC\n" + "\n".join(
    f"{10000100 + n:09};Cabinet {n};Ville {n};BDC-{n}" for n in range(40)
)


def test_forty_unknown_clients_come_with_their_prestations_in_one_entry_each(supplier):
    created = create(supplier, FORTY)

    assert len(created) == 40
    assert Organisation.objects.clients().search("ville 39 cabinet").count() == 1
    listed = {entry.act: len(entry.many) for entry in Entry.objects.exclude(many=[]).order_by("pk")}
    assert listed == {"organisation.import": 40, "prestation.create": 40}


def test_the_same_list_again_changes_nothing(supplier):
    create(supplier, FORTY)
    before = Entry.objects.count()

    assert {order.fate for order in plan(supplier, FORTY)} == {Fate.UNCHANGED}
    assert create(supplier, FORTY) == []
    assert (Prestation.objects.count(), Entry.objects.count()) == (40, before)


def test_clients_of_the_same_name_are_confirmed(supplier, hospitals):
    text = f"FINESS;Nom\n010000024;{hospitals[0].name}"
    planned = plan(supplier, text)

    with pytest.raises(ValidationError) as refused:
        create_orders(supplier=supplier, planned=planned, by=acting(filer(supplier), NOW))
    assert list(refused.value.message_dict) == ["are_distinct"]
    made = create_orders(
        supplier=supplier, planned=planned, by=acting(filer(supplier), NOW), are_distinct=True
    )
    assert [prestation.client.finess for prestation in made] == ["010000024"]


def test_two_new_clients_of_one_name_warn_of_each_other(supplier):
    first, second = plan(supplier, "FINESS;Nom\n010000024;CH Est\n010000032;CH de l'Est")
    assert (first.alike, second.alike) == (("ligne 3",), ("ligne 2",))


def test_without_solution_the_clients_join_the_directory_alone(supplier, hospitals):
    planned = plan(None, f"FINESS;Nom\n{hospitals[0].finess};X\n010000024;CH Neuf")

    assert [order.fate for order in planned] == [Fate.UNCHANGED, Fate.DIRECTORY]
    assert create_orders(supplier=None, planned=planned, by=acting(filer(supplier), NOW)) == []
    assert Organisation.objects.filter(finess="010000024").exists()


def test_300_lines_cost_a_few_queries_to_plan_and_not_300_times_more_to_create(
    supplier, django_assert_max_num_queries
):
    hospitals = OrganisationFactory.create_batch(300, client=True)
    text = "\n".join(hospital.finess for hospital in hospitals)

    with django_assert_max_num_queries(6):
        plan(supplier, text)
    with django_assert_max_num_queries(60):
        assert len(create(supplier, text)) == 300
