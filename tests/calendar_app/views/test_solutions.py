"""Solutions and Fournisseurs: who reaches which page, what the forms say, what the lists cost."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Kind, Role
from calendar_app.enums import Market
from calendar_app.models import Dispositif, Solution, Supplier
from calendar_app.services.deadlines import open_deadlines
from tests.calendar_app.pages import reading
from tests.entries import entries
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import markup

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
pytestmark = [pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]

LONG = "Groupement de coopération sanitaire d'imagerie des vallées fictives de l'Arrière-Pays " * 2


@pytest.fixture
def editeur(calendars):
    return OrganisationFactory(name="Imagix")


@pytest.fixture
def solution(editeur):
    solution = SolutionFactory(organisation=editeur, name="RIS Azimut", referenced_on=None)
    open_deadlines(solution=solution, now=NOW)
    return solution


@pytest.fixture
def own(solution):
    return SupplierFactory(solution=solution)


@pytest.fixture
def distributeur(solution):
    return SupplierFactory(
        solution=solution,
        organisation=OrganisationFactory(kind=Kind.DISTRIBUTEUR, name="Revendix"),
    )


@pytest.fixture
def salarie(client, editeur):
    user = member(Role.SALARIE, editeur)
    client.force_login(user)
    return user


def pages(solution, supplier):
    return {
        "index": reverse("solutions:index"),
        "create": reverse("solutions:create"),
        "detail": reverse("solutions:detail", args=[solution.pk]),
        "edit": reverse("solutions:edit", args=[solution.pk]),
        "referencing": reverse("solutions:referencing", args=[solution.pk]),
        "takeover": reverse("solutions:takeover", args=[solution.pk]),
        "declare": reverse("solutions:supplier_create", args=[solution.pk]),
        "supplier": reverse("solutions:supplier_detail", args=[supplier.pk]),
        "rights": reverse("solutions:supplier_edit", args=[supplier.pk]),
    }


# index, create, detail, edit, referencing, takeover, declare, supplier, rights
MATRIX = {
    "mandataire": (200, 200, 200, 200, 200, 200, 200, 200, 200),
    "representant": (200, 200, 200, 200, 200, 200, 200, 200, 200),
    "salarie": (200, 200, 200, 200, 200, 403, 200, 200, 200),
    "distributeur": (200, 403, 200, 403, 403, 403, 403, 200, 200),
    "other distributeur": (200, 403, 200, 403, 403, 403, 403, 404, 404),
    "agent": (200, 403, 200, 403, 403, 403, 403, 200, 403),
    "responsable": (200, 403, 200, 403, 200, 403, 403, 200, 403),
    "outsider": (200, 200, 404, 404, 404, 404, 404, 404, 404),
    "nobody": (200, 403, 404, 404, 404, 404, 404, 404, 404),
}


@pytest.mark.parametrize("who", MATRIX)
def test_who_reaches_which_page(client, who, editeur, solution, distributeur):
    other = SupplierFactory(
        solution=solution, organisation=OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    )
    people = {
        "mandataire": lambda: member(Role.MANDATAIRE, editeur),
        "representant": lambda: member(Role.REPRESENTANT, editeur),
        "salarie": lambda: member(Role.SALARIE, editeur),
        "distributeur": lambda: member(organisation=distributeur.organisation),
        "other distributeur": lambda: member(organisation=other.organisation),
        "agent": lambda: member(Role.AGENT),
        "responsable": lambda: member(Role.RESPONSABLE),
        "outsider": member,
        "nobody": lambda: member(organisation=OrganisationFactory(is_active=False)),
    }
    client.force_login(people[who]())

    statuses = tuple(client.get(url).status_code for url in pages(solution, distributeur).values())

    assert statuses == MATRIX[who]


@pytest.mark.parametrize("who", ["agent", "other distributeur", "outsider"])
def test_posting_is_refused_as_reading_the_form_is(client, who, solution, distributeur):
    people = {
        "agent": lambda: member(Role.AGENT),
        "other distributeur": lambda: member(
            organisation=SupplierFactory(
                solution=solution, organisation=OrganisationFactory(kind=Kind.DISTRIBUTEUR)
            ).organisation
        ),
        "outsider": member,
    }
    client.force_login(people[who]())
    before = (
        Solution.objects.values().get(),
        Supplier.objects.filter(pk=distributeur.pk).values()[0],
    )

    for name in ("edit", "referencing", "takeover", "declare", "rights"):
        response = client.post(pages(solution, distributeur)[name], {"name": "Volée"})
        assert response.status_code in (403, 404)

    after = Solution.objects.values().get(), Supplier.objects.filter(pk=distributeur.pk).values()[0]
    assert after == before


def test_anonymous_is_sent_to_the_login_page(client, solution, distributeur):
    for url in pages(solution, distributeur).values():
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


# --- Creating and changing -----------------------------------------------------------------------


def drimbox(**changes):
    return {
        "dispositif": Dispositif.objects.get(slug="drimbox").pk,
        "name": "DRIMbox Azimut",
        "version": "1.0",
        "proxy_name": "Proxy Azimut",
        "market": Market.COMPETITIVE,
        **changes,
    }


def test_a_new_solution_leads_to_the_take_over_of_its_past(client, editeur):
    client.force_login(member(Role.REPRESENTANT, editeur))

    response = client.post(reverse("solutions:create"), drimbox())

    solution = Solution.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("solutions:takeover", args=[solution.pk])
    assert solution.deadlines.count() == 3


@pytest.mark.usefixtures("salarie")
def test_a_salarie_who_cannot_take_over_is_led_to_the_page_that_says_who_can(client):
    response = client.post(reverse("solutions:create"), drimbox(), follow=True)

    assert response.redirect_chain[-1][0] == reverse(
        "solutions:detail", args=[Solution.objects.get().pk]
    )
    assert "Un Représentant ou un Mandataire" in markup(response)


@pytest.mark.usefixtures("salarie")
@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"name": ""}, "name", "Donnez le nom de la solution."),
        ({"dispositif": ""}, "dispositif", "Choisissez le dispositif"),
        ({"market": ""}, "market", "Précisez comment la solution est proposée."),
        ({"proxy_name": ""}, "proxy_name", "c'est le couple DRIMbox / proxy"),
        ({"referenced_on": "31/02/2026"}, "referenced_on", "Cette date n'existe pas"),
        ({"referenced_on": "2026-11-23"}, "referenced_on", "Cette date est à venir"),
    ],
)
def test_each_error_is_a_french_sentence_by_its_field_and_nothing_is_lost(
    client, changes, field, says
):
    response = client.post(reverse("solutions:create"), drimbox(**changes))

    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert says in form.errors[field][0]
    for name, value in drimbox(**changes).items():
        assert form[name].value() == value or str(form[name].value()) == str(value)
    assert not Solution.objects.exists()


@pytest.mark.usefixtures("salarie")
def test_a_name_too_long_is_refused_with_a_sentence(client):
    response = client.post(reverse("solutions:create"), drimbox(name="x" * 151))

    assert "150" in response.context["form"].errors["name"][0]


@pytest.mark.usefixtures("salarie")
def test_the_form_of_a_ris_does_not_ask_for_a_proxy(client, solution):
    address = reverse("solutions:edit", args=[solution.pk])
    page = client.get(address)
    assert "proxy_name" not in page.context["form"].fields

    read = reading(client, address)
    client.post(
        address, {"name": "RIS Zénith", "version": "3", "market": Market.SELF_PUBLISHED, **read}
    )

    solution.refresh_from_db()
    assert (solution.name, solution.market) == ("RIS Zénith", Market.SELF_PUBLISHED)
    late = client.post(
        address, {"name": "RIS Nadir", "version": "3", "market": Market.SELF_PUBLISHED, **read}
    )
    assert late.status_code == 422
    assert "a entre-temps modifié cette solution" in markup(late)


@pytest.mark.usefixtures("salarie")
def test_another_proxy_is_in_the_history_of_the_page(client, editeur):
    couple = SolutionFactory(drimbox=True, organisation=editeur, proxy_name="Proxy A")

    address = reverse("solutions:edit", args=[couple.pk])
    response = client.post(
        address,
        {"name": couple.name, "proxy_name": "Proxy B", "market": couple.market}
        | reading(client, address),
        follow=True,
    )

    assert "Proxy : Proxy A → Proxy B" in markup(response)


@pytest.mark.usefixtures("salarie")
def test_a_refused_change_still_shows_the_solution_by_its_own_name(client, editeur):
    couple = SolutionFactory(drimbox=True, organisation=editeur, name="DRIMbox Azimut")

    response = client.post(
        reverse("solutions:edit", args=[couple.pk]),
        {"name": "Zénith", "proxy_name": "", "market": couple.market},
    )

    assert response.status_code == 422
    assert response.context["solution"].name == "DRIMbox Azimut"
    assert response.context["form"]["name"].value() == "Zénith"


def test_a_responsable_of_the_ans_records_the_referencing(client, solution):
    user = member(Role.RESPONSABLE)
    client.force_login(user)

    url = reverse("solutions:referencing", args=[solution.pk])
    shown = {"referenced_on": "2026-09-01", "reference_number": "V2-0042"}
    client.post(url, {**reading(client, url), **shown})

    solution.refresh_from_db()
    assert solution.referenced_on == dt.date(2026, 9, 1)
    assert str(entries(solution)[-1].signer) == str(user)


# --- Pages ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("salarie", "own")
def test_the_page_of_a_solution_shows_its_deadlines_and_its_fournisseurs(
    client, solution, distributeur
):
    page = client.get(reverse("solutions:detail", args=[solution.pk]))

    assert [line.deadline.milestone.number for line in page.context["lines"]] == [1, 2, 3]
    names = [row.supplier.organisation.name for row in page.context["suppliers"]]
    assert names == ["Imagix", "Revendix"]
    assert page.context["past_count"] == 3


def test_a_distributeur_sees_the_solution_but_neither_the_others_nor_the_editeur_s_deadlines(
    client, solution, distributeur, own
):
    SupplierFactory(
        solution=solution,
        organisation=OrganisationFactory(kind=Kind.DISTRIBUTEUR, name="Concurrent"),
    )
    client.force_login(member(organisation=distributeur.organisation))

    page = client.get(reverse("solutions:detail", args=[solution.pk]))
    listed = client.get(reverse("solutions:index"))

    assert [row.supplier for row in page.context["suppliers"]] == [distributeur]
    assert (page.context["lines"], page.context["history"]) == ([], [])
    assert "Concurrent" not in markup(page)
    assert listed.context["rows"][0].supplier_count == 1
    assert listed.context["rows"][0].next_title == ""
    assert listed.context["rows"][0].sees_deadlines is False
    assert listed.context["show_organisation"]


def test_lists_and_pages_hold_very_long_names(client, solution):
    editeur = solution.organisation
    editeur.name = LONG.strip()
    editeur.save()
    client.force_login(member(organisation=editeur))
    couple = SolutionFactory(
        drimbox=True, organisation=editeur, name="D" * 150, proxy_name="P" * 150
    )

    assert client.get(reverse("solutions:index")).status_code == 200
    assert client.get(reverse("solutions:detail", args=[couple.pk])).status_code == 200


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (Kind.EDITEUR, "pas encore de solution"),
        (Kind.DISTRIBUTEUR, "Donnez-lui votre SIREN"),
    ],
)
def test_an_empty_list_says_why_and_what_to_do(client, kind, says):
    client.force_login(member(organisation=OrganisationFactory(kind=kind)))

    assert says in markup(client.get(reverse("solutions:index")))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?q=azimut", 1),
        ("?q=proxy+fictif", 1),
        ("?q=V2-77", 1),
        ("?dispositif=drimbox", 1),
        ("?dispositif=inconnu", 3),
        ("?organisation=0", 3),
        ("?q=rien", 0),
        ("?page=99", 3),
    ],
)
def test_filters(client, solution, query, found):
    SolutionFactory(drimbox=True, organisation=solution.organisation)
    SolutionFactory(name="Autre", reference_number="V2-77")
    client.force_login(member(Role.AGENT))

    page = client.get(reverse("solutions:index") + query)

    assert len(page.context["rows"]) == found


def test_the_list_does_not_cost_more_with_300_rows(
    client, editeur, salarie, django_assert_max_num_queries
):
    ris = Dispositif.objects.get(slug="ris")
    Solution.objects.bulk_create(
        Solution(organisation=editeur, dispositif=ris, name=f"RIS {n}") for n in range(300)
    )

    with django_assert_max_num_queries(9):
        page = client.get(reverse("solutions:index"))

    assert len(page.context["rows"]) == 50
    assert page.context["page_obj"].paginator.count == 300


@pytest.mark.usefixtures("salarie")
def test_the_page_of_a_solution_does_not_cost_more_with_its_fournisseurs(
    client, solution, own, django_assert_max_num_queries
):
    for _ in range(30):
        SupplierFactory(solution=solution, organisation=OrganisationFactory(kind=Kind.DISTRIBUTEUR))

    with django_assert_max_num_queries(20):  # with pieces, persons in charge, notifications
        client.get(reverse("solutions:detail", args=[solution.pk]))


# --- Fournisseurs --------------------------------------------------------------------------------


@pytest.mark.usefixtures("salarie")
def test_an_editeur_declares_a_distributeur_by_its_siren(client, solution):
    organisation = OrganisationFactory(kind=Kind.DISTRIBUTEUR, siren="732829320")

    response = client.post(
        reverse("solutions:supplier_create", args=[solution.pk]),
        {"siren": "732 829 320", "declared_on": "2026-11-02", "mandate_from": "2026-11-02"},
    )

    assert response.status_code == 302
    supplier = Supplier.objects.get(organisation=organisation)
    assert supplier.declared_on == dt.date(2026, 11, 2)


@pytest.mark.usefixtures("salarie")
@pytest.mark.parametrize(
    ("siren", "says"),
    [
        ("", "Donnez le SIREN"),
        ("123", "n'existe pas"),
        ("732829320", "demandez à l'ANS d'inscrire"),
    ],
)
def test_a_siren_that_does_not_do_says_what_to_do(client, solution, siren, says):
    response = client.post(
        reverse("solutions:supplier_create", args=[solution.pk]),
        {"siren": siren, "mandate_from": "2026-11-02"},
    )

    assert response.status_code == 422
    assert says in response.context["form"].errors["siren"][0]
    assert response.context["form"]["mandate_from"].value() == "2026-11-02"


MANDATE = ["declared_on", "mandate_from", "mandate_until", "psc_by_mandate"]
PSC = ["psc_from", "psc_until"]


@pytest.mark.parametrize(
    ("who", "fields"),
    [("editeur", MANDATE), ("distributeur", PSC), ("both", MANDATE + PSC)],
)
def test_each_party_is_asked_for_its_own_part(client, who, fields, solution, distributeur):
    user = member(
        organisation=solution.organisation if who != "distributeur" else distributeur.organisation
    )
    if who == "both":
        distributeur.organisation.memberships.create(user=user, role=Role.SALARIE)
    client.force_login(user)

    page = client.get(reverse("solutions:supplier_edit", args=[distributeur.pk]))

    assert list(page.context["form"].fields) == ["read", *fields]


@pytest.mark.usefixtures("salarie")
def test_an_editeur_is_only_asked_for_its_own_habilitation(client, own):
    page = client.get(reverse("solutions:supplier_edit", args=[own.pk]))

    assert list(page.context["form"].fields) == ["read", *PSC]


def test_a_distributeur_cannot_write_its_own_mandate(client, distributeur):
    client.force_login(member(organisation=distributeur.organisation))

    url = reverse("solutions:supplier_edit", args=[distributeur.pk])
    typed = {"mandate_until": "2099-12-31", "psc_from": "2026-01-01", "psc_until": "2027-01-01"}
    response = client.post(url, {**reading(client, url), **typed})

    assert response.status_code == 302
    distributeur.refresh_from_db()
    assert distributeur.mandate_until == dt.date(2028, 12, 31)
    assert distributeur.psc_until == dt.date(2027, 1, 1)


@pytest.mark.usefixtures("salarie")
def test_impossible_dates_come_back_by_their_field(client, distributeur):
    url = reverse("solutions:supplier_edit", args=[distributeur.pk])
    typed = {"mandate_from": "2026-11-02", "mandate_until": "2026-11-01"}
    response = client.post(url, {**reading(client, url), **typed})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["mandate_until"]


@pytest.mark.usefixtures("salarie", "own")
def test_the_page_of_a_fournisseur_says_what_is_missing_and_what_ends(client, distributeur):
    distributeur.mandate_until = dt.date(2026, 12, 1)
    distributeur.psc_from = distributeur.psc_until = None
    distributeur.save()
    PrestationFactory(supplier=distributeur)

    page = client.get(reverse("solutions:supplier_detail", args=[distributeur.pk]))

    assert page.context["prestation_count"] == 1
    assert [reason["who"] for reason in page.context["reasons"]] == [
        "ANS, sur le dossier déposé par Imagix",
        "Revendix (Fournisseur)",
    ]
    assert "Le mandat expire le 01/12/2026." in markup(page)
