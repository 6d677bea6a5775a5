"""Prestations: who reaches which page, who sees whose, what the forms say, what the list costs."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Kind, Role
from accounts.models import Organisation
from calendar_app.models import Deadline, Prestation
from calendar_app.services.deadlines import open_deadlines
from pilots.enums import PVState
from tests.calendar_app.pages import reading
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    justified_pilot,
    member,
)
from tests.pages import csv_rows, markup, text
from tests.people_around import person_around

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)

pytestmark = pytest.mark.at(NOW)
LONG = "Groupement de coopération sanitaire d'imagerie des vallées fictives de l'Arrière-Pays " * 2


@pytest.fixture
def editeur(calendars):
    return OrganisationFactory(name="Imagix")


@pytest.fixture
def solution(editeur):
    return SolutionFactory(organisation=editeur, name="RIS Azimut")


@pytest.fixture
def own(solution):
    return SupplierFactory(solution=solution)


@pytest.fixture
def distributeur(solution, own):
    organisation = OrganisationFactory(kind=Kind.DISTRIBUTEUR, name="Revendix")
    return SupplierFactory(solution=solution, organisation=organisation)


@pytest.fixture
def hospital(db):
    return OrganisationFactory(client=True, name="Hôpital de Grandlieu", finess="999000289")


@pytest.fixture
def prestation(distributeur, hospital):
    """Of the distributeur, on the solution of the éditeur."""
    prestation = PrestationFactory(supplier=distributeur, client=hospital, order_reference="BDC-7")
    open_deadlines(prestation=prestation, now=NOW)
    return prestation


@pytest.fixture
def salarie(client, editeur, own):
    user = member(Role.SALARIE, editeur)
    client.force_login(user)
    return user


def pages(prestation):
    return {
        "index": reverse("prestations:index"),
        "search": reverse("prestations:create"),
        "create": reverse("prestations:create") + f"?client={prestation.client_id}",
        "detail": reverse("prestations:detail", args=[prestation.pk]),
        "edit": reverse("prestations:edit", args=[prestation.pk]),
        "takeover": reverse("prestations:takeover", args=[prestation.pk]),
    }


# index, search, create, detail, edit, takeover
MATRIX = {
    "mandataire": (200, 200, 200, 200, 200, 200),
    "salarie": (200, 200, 200, 200, 200, 403),
    "editeur of the solution": (200, 200, 200, 200, 403, 403),
    "other distributeur": (200, 200, 200, 404, 404, 404),
    "agent": (200, 403, 403, 200, 403, 403),
    "responsable": (200, 403, 403, 200, 403, 403),
    "outsider": (200, 200, 200, 404, 404, 404),
    "nobody": (200, 403, 403, 404, 404, 404),
}


@pytest.mark.parametrize("who", MATRIX)
def test_who_reaches_which_page(client, who, prestation):
    client.force_login(person_around(who, prestation))

    statuses = tuple(client.get(url).status_code for url in pages(prestation).values())

    assert statuses == MATRIX[who]


@pytest.mark.parametrize("who", ["agent", "editeur of the solution", "other distributeur"])
def test_posting_is_refused_as_reading_the_form_is(client, who, prestation):
    client.force_login(person_around(who, prestation))

    for name in ("edit", "takeover"):
        response = client.post(pages(prestation)[name], {"order_reference": "Volée"})
        assert response.status_code in (403, 404)

    prestation.refresh_from_db()
    assert prestation.order_reference == "BDC-7"


def test_anonymous_is_sent_to_the_login_page(client, prestation):
    for url in pages(prestation).values():
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


# --- Who sees whose ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("mandataire", {"Revendix"}),
        ("editeur of the solution", {"Imagix", "Revendix"}),
        ("other distributeur", set()),
        ("agent", {"Imagix", "Revendix", "Ailleurs"}),
    ],
)
def test_an_editeur_sees_its_distributeurs_prestations_and_a_distributeur_only_its_own(
    client, who, seen, own, prestation
):
    hospital = prestation.client
    PrestationFactory(supplier=own, client=hospital)
    elsewhere = SolutionFactory(organisation=OrganisationFactory(name="Ailleurs"))
    PrestationFactory(supplier=SupplierFactory(solution=elsewhere), client=hospital)
    client.force_login(person_around(who, prestation))

    page = client.get(reverse("prestations:index"))

    assert {row.prestation.organisation.name for row in page.context["rows"]} == seen


@pytest.mark.usefixtures("prestation")
def test_nobody_learns_who_serves_a_client_by_searching_or_choosing_it(client, hospital):
    client.force_login(member(organisation=SupplierFactory().organisation))

    search = client.get(reverse("prestations:create"), {"q": "grandlieu"})
    form = client.get(reverse("prestations:create"), {"client": hospital.pk})

    for page in (search, form):
        assert "Revendix" not in markup(page)
        assert "BDC-7" not in markup(page)


# --- Creating ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("salarie")
@pytest.mark.parametrize("q", ["hopital grandlieu", "GRANDLIEU", "999000289", "999 000 289"])
def test_a_client_is_found_by_name_or_finess_as_people_type_them(client, hospital, q):
    page = client.get(reverse("prestations:create"), {"q": q})

    assert page.context["clients"] == [hospital]


@pytest.mark.usefixtures("salarie")
def test_a_missing_client_can_be_added(client, hospital):
    page = client.get(reverse("prestations:create"), {"q": "introuvable"})

    assert page.context["clients"] == []
    assert "nouveau=1" in markup(page)


@pytest.mark.usefixtures("salarie", "prestation")
@pytest.mark.parametrize("text", ["%00", "%27%3B--", "x" * 2000, "٣", "9" * 40])
def test_whatever_is_typed_in_a_search_is_answered(client, text):
    for name in ("index", "create"):
        for field in ("q", "organisation", "client", "dispositif", "page"):
            response = client.get(reverse(f"prestations:{name}") + f"?{field}={text}")
            assert response.status_code in (200, 404)


@pytest.mark.usefixtures("salarie")
def test_a_search_that_finds_too_much_says_so(client):
    for _ in range(25):
        OrganisationFactory(client=True, name=LONG.strip())

    page = client.get(reverse("prestations:create"), {"q": "groupement"})

    assert (len(page.context["clients"]), page.context["total"]) == (20, 25)
    assert "sur 25" in markup(page)


def create(client, hospital, **data):
    url = reverse("prestations:create") + f"?client={hospital.pk}"
    return client.post(url, data)


def test_a_new_prestation_leads_to_the_take_over_of_milestone_4(client, own, hospital):
    client.force_login(member(Role.REPRESENTANT, own.organisation))

    response = create(client, hospital, supplier=own.pk, order_reference="BDC-9")

    prestation = Prestation.objects.get()
    assert response.url == reverse("prestations:takeover", args=[prestation.pk])
    assert (prestation.client, prestation.order_reference) == (hospital, "BDC-9")
    assert prestation.deadlines.count() == 3


@pytest.mark.usefixtures("salarie")
def test_a_salarie_is_led_to_the_page_of_the_prestation(client, own, hospital):
    response = create(client, hospital, supplier=own.pk)

    assert response.url == reverse("prestations:detail", args=[Prestation.objects.get().pk])


@pytest.mark.usefixtures("salarie")
@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ({}, "supplier", "Choisissez la solution"),
        ({"supplier": "0"}, "supplier", "Choisissez l'une de vos solutions."),
        ({"ordered_on": "31/02/2026"}, "ordered_on", "Cette date n'existe pas"),
        ({"ordered_on": "2026-11-23"}, "ordered_on", "Cette date est à venir"),
        ({"order_reference": "x" * 61}, "order_reference", "60"),
    ],
)
def test_each_error_is_a_french_sentence_by_its_field(client, own, data, field, says):
    data = {"supplier": own.pk, **data} if data else data

    response = create(client, OrganisationFactory(client=True), **data)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert says in response.context["form"].errors[field][0]
    assert not Prestation.objects.exists()


@pytest.mark.usefixtures("salarie")
def test_a_second_prestation_of_the_same_three_is_refused(client, own, hospital):
    PrestationFactory(supplier=own, client=hospital)

    response = create(client, hospital, supplier=own.pk, order_reference="BDC-9")

    assert response.status_code == 422
    assert "déjà une prestation chez ce Client" in markup(response)
    assert response.context["form"]["order_reference"].value() == "BDC-9"


@pytest.mark.usefixtures("salarie")
def test_one_cannot_install_in_the_name_of_another_fournisseur(client, distributeur, hospital):
    response = create(client, hospital, supplier=distributeur.pk)

    assert list(response.context["form"].errors) == ["supplier"]


@pytest.mark.usefixtures("salarie")
@pytest.mark.parametrize("pk", ["0", "999999"])
def test_an_unknown_client_is_not_found(client, pk):
    assert client.get(reverse("prestations:create"), {"client": pk}).status_code == 404


@pytest.mark.usefixtures("salarie")
def test_an_organisation_that_is_no_client_is_not_found(client, editeur):
    response = client.get(reverse("prestations:create"), {"client": editeur.pk})

    assert response.status_code == 404


def test_an_organisation_without_solution_reads_what_to_do(client, calendars, hospital):
    client.force_login(member())

    page = client.get(reverse("prestations:create"), {"client": hospital.pk})

    assert "ne fournit encore aucune solution" in markup(page)


# --- Pages ---------------------------------------------------------------------------------------


def test_the_page_shows_deadlines_gate_and_history(client, prestation):
    client.force_login(person_around("mandataire", prestation))

    page = client.get(reverse("prestations:detail", args=[prestation.pk]))

    assert [line.deadline.milestone.number for line in page.context["lines"]] == [4, 5, 6]
    assert page.context["next_line"].deadline.milestone.number == 5
    assert page.context["past_count"] == 1
    assert page.context["gate"].missing == []
    assert page.context["gate"].ending == []


def test_missing_rights_are_listed_with_who_must_act_and_by_when(client, prestation):
    supplier = prestation.supplier
    supplier.mandate_until = dt.date(2026, 11, 21)
    supplier.psc_until = dt.date(2027, 9, 21)
    supplier.save()
    client.force_login(person_around("editeur of the solution", prestation))

    page = client.get(reverse("prestations:detail", args=[prestation.pk]))

    solde = Deadline.objects.get(prestation=prestation, milestone__number=6)
    [missing] = page.context["gate"].missing
    assert missing == {
        "reason": "Le mandat donné par Imagix a expiré le 21/11/2026.",
        "who": "Imagix (éditeur)",
        "by": solde.due_at,
        "url": reverse("solutions:supplier_detail", args=[supplier.pk]),
    }
    assert page.context["gate"].ending == [
        "L'habilitation EDC PSC expire le 21/09/2027, avant le jalon 6 (22/09/2027 12h)."
    ]


def test_the_pilots_that_the_solde_waits_for_are_listed_with_who_must_act(client, prestation):
    for _ in range(2):
        justified_pilot(prestation.supplier)
    hospital = OrganisationFactory(client=True, name="Clinique de l'Ambre")
    pilot = justified_pilot(prestation.supplier, pv=PVState.IN_REVIEW, client=hospital)
    client.force_login(person_around("mandataire", prestation))

    page = client.get(reverse("prestations:detail", args=[prestation.pk]))

    assert page.context["gate"].further == [
        {
            "reason": "Clinique de l'Ambre : PV en cours de contrôle.",
            "who": "ANS",
            "by": Deadline.objects.get(prestation=prestation, milestone__number=6).due_at,
            "url": reverse("pilots:detail", args=[pilot.pk]),
        }
    ]
    assert "Avant la demande de paiement du solde, il manque" in markup(page)
    assert "Rien ne manque" not in markup(page)


def test_a_right_that_lasts_to_the_day_of_the_deadline_is_no_warning(client, prestation):
    supplier = prestation.supplier
    supplier.psc_until = dt.date(2027, 9, 22)
    supplier.save()
    client.force_login(person_around("mandataire", prestation))

    page = client.get(reverse("prestations:detail", args=[prestation.pk]))

    assert page.context["gate"].ending == []


def test_the_order_is_changed_and_the_page_says_who_did(client, prestation):
    user = person_around("salarie", prestation)
    client.force_login(user)

    url = reverse("prestations:edit", args=[prestation.pk])
    typed = {"order_reference": "BDC-8", "ordered_on": "02/11/2026"}
    page = client.post(url, {**reading(client, url), **typed}, follow=True)

    assert "Référence du bon de commande : BDC-7 → BDC-8" in markup(page)
    assert page.context["history"][0]["who"] == str(user)


def test_a_bad_date_of_order_comes_back_by_its_field(client, prestation):
    client.force_login(person_around("salarie", prestation))

    url = reverse("prestations:edit", args=[prestation.pk])
    typed = {"order_reference": "BDC-8", "ordered_on": "2027-01-01"}
    response = client.post(url, {**reading(client, url), **typed})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["ordered_on"]
    assert response.context["form"]["order_reference"].value() == "BDC-8"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: SupplierFactory().organisation, "Enregistrer une prestation"),
        (OrganisationFactory, "ne fournit encore aucune solution"),
        (lambda: OrganisationFactory(ans=True), "Aucun Fournisseur"),
    ],
)
def test_an_empty_list_says_why_and_what_to_do(client, calendars, make, says):
    organisation = make()
    client.force_login(member(organisation.roles[0], organisation))

    assert says in markup(client.get(reverse("prestations:index")))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("?q=hopital", 1),
        ("?q=999000289", 1),
        ("?q=bdc-7", 1),
        ("?q=rien", 0),
        ("?dispositif=drimbox", 1),
        ("?organisation={revendix}", 1),
        ("?organisation=abc", 2),
        ("?page=99", 2),
    ],
)
def test_filters(client, editeur, prestation, query, found):
    couple = SolutionFactory(drimbox=True, organisation=editeur)
    PrestationFactory(supplier=SupplierFactory(solution=couple))
    client.force_login(member(organisation=editeur))

    query = query.format(revendix=prestation.organisation_id)
    page = client.get(reverse("prestations:index") + query)

    assert len(page.context["rows"]) == found


def make_many(supplier, count):
    clients = Organisation.objects.bulk_create(
        OrganisationFactory.build(client=True, name=f"{LONG}{n}"[:200]) for n in range(count)
    )
    solution = supplier.solution
    Prestation.objects.bulk_create(
        Prestation(
            supplier=supplier,
            organisation=supplier.organisation,
            dispositif=solution.dispositif,
            client=client,
        )
        for client in clients
    )


@pytest.mark.usefixtures("salarie")
def test_the_list_does_not_cost_more_with_300_rows(client, own, django_assert_max_num_queries):
    make_many(own, 300)

    with django_assert_max_num_queries(13):
        page = client.get(reverse("prestations:index"))

    assert len(page.context["rows"]) == 50
    assert page.context["page_obj"].paginator.count == 300


def test_the_page_costs_a_fixed_number_of_queries(
    client, prestation, django_assert_max_num_queries
):
    client.force_login(person_around("mandataire", prestation))
    for _ in range(4):  # the gate of the solde takes four queries, however many pilots there are
        justified_pilot(prestation.supplier)

    with django_assert_max_num_queries(34):
        client.get(reverse("prestations:detail", args=[prestation.pk]))


class TestWhereItStands:
    def test_the_page_says_it_as_the_matrix_does(self, client, prestation):
        client.force_login(person_around("mandataire", prestation))
        response = client.get(reverse("prestations:detail", args=[prestation.pk]))
        [row] = csv_rows(client.get("/portefeuille/liste.csv"))
        cells = {
            f"{cell.column.number}. {cell.column.title}": cell.words
            for cell in response.context["cells"]
        }
        assert cells
        assert cells == {title: row[title] for title in cells}
        assert all(words in text(response) for words in cells.values())
