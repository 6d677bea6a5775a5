"""Two people fill in one page: the second save is refused, with who saved what and when."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Supplier
from perf.models import Ratio
from pilots.enums import Stage
from pilots.va.models import VAFile
from segur.lib.paris import PARIS
from tests.browser_forms import form_with
from tests.calendar_app.papers import upload
from tests.factories import (
    AspRequestFactory,
    MembershipFactory,
    OrganisationFactory,
    PilotFactory,
    PrefigurateurFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import text
from tests.pilots import prefigurateurs, vas

NOW = dt.datetime(2027, 1, 11, 10, tzinfo=PARIS)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("calendars", "checklists"),
    pytest.mark.at(NOW),
]


class Page(NamedTuple):
    """A page that edits a row, `field` in which the two people differ, what else they type."""

    address: str
    host: Any
    field: str
    first: str
    second: str
    value: Callable[[], Any]
    what: str
    typed: tuple[tuple[str, str], ...] = ()
    role: Role = Role.MANDATAIRE


def fresh(row, name):
    def read():
        row.refresh_from_db()
        return str(getattr(row, name))

    return read


def supplier():
    host = OrganisationFactory(kind="DISTRIBUTEUR")
    row = SupplierFactory(organisation=host)
    address, value = reverse("solutions:supplier_edit", args=[row.pk]), fresh(row, "psc_until")
    return Page(address, host, "psc_until", "2029-01-01", "2030-01-01", value, "modifié ces droits")


def order():
    row = PrestationFactory()
    address, value = reverse("prestations:edit", args=[row.pk]), fresh(row, "order_reference")
    what = "modifié ce bon de commande"
    return Page(address, row.organisation, "order_reference", "BDC-1", "BDC-2", value, what)


def referencing():
    row = SolutionFactory()
    address = reverse("solutions:referencing", args=[row.pk])
    value, what = fresh(row, "reference_number"), "modifié ce référencement"
    host = OrganisationFactory(ans=True)
    return Page(address, host, "reference_number", "R-1", "R-2", value, what, role=Role.RESPONSABLE)


def identity():
    row = PrefigurateurFactory()
    address, value = reverse("prefigurateurs:edit", args=[row.pk]), fresh(row, "city")
    host = OrganisationFactory(ans=True)
    what = "modifié ce préfigurateur"
    return Page(address, host, "city", "Brest", "Nantes", value, what, role=Role.AGENT)


def report():
    row = prefigurateurs.at_stage(Stage.INTERVIEW)
    address, value = reverse("prefigurateurs:interview_report", args=[row.pk]), fresh(row, "notes")
    host = OrganisationFactory(ans=True)
    return Page(
        address, host, "notes", "Un.", "Deux.", value, "modifié cet entretien", role=Role.AGENT
    )


def interview():
    row = PrefigurateurFactory()
    prefigurateurs.give(row)
    row.refresh_from_db()
    agent = member(Role.AGENT)
    later = NOW + 7 * prefigurateurs.DAY
    prefigurateurs.plan(row, agent=agent, at=later)
    address, value = (
        reverse("prefigurateurs:interview", args=[row.pk]),
        fresh(row, "interview_place"),
    )
    host = agent.memberships.get().organisation
    return Page(
        address, host, "place", "Salle 1", "Salle 2", value, "modifié cet entretien",
        role=Role.AGENT,
    )  # fmt: skip


def va():
    prestation, person = vas.drimbox()
    row = vas.recorded(prestation, person)
    address, value = reverse("va:correct", args=[prestation.pk]), fresh(row, "comment")
    typed = (("reason", "Oubli."),)
    what = "modifié cette VA"
    return Page(address, prestation.organisation, "comment", "Un.", "Deux.", value, what, typed)


def notification():
    prestation, person = vas.drimbox()
    row = vas.notified(vas.recorded(prestation, person), person)
    address, value = reverse("va:notify", args=[prestation.pk]), fresh(row, "means")
    typed = (("reason", "Oubli."),)
    what = "modifié cette VA"
    return Page(address, prestation.organisation, "means", "Lettre", "Appel", value, what, typed)


def asp_request():
    prestation = PrestationFactory()
    PilotFactory(prestation=prestation)
    row = AspRequestFactory(prestation=prestation)
    address, value = reverse("pilots:request", args=[row.pk]), fresh(row, "reference")
    typed = (("state", row.state), ("on", row.on.isoformat()))
    what = "modifié cette demande"
    return Page(address, prestation.organisation, "reference", "A-1", "A-2", value, what, typed)


def ratio():
    prestation = PrestationFactory()
    row = Ratio(prestation=prestation, indicator="PERFM", month=dt.date(2026, 12, 1))
    row.local_numerator, row.local_denominator = 1, 10
    row.remote_numerator, row.remote_denominator = 0, 0
    row.save()
    address, value = reverse("perf:ratio", args=[row.pk]), fresh(row, "local_numerator")
    what = "corrigé cette saisie"
    return Page(address, prestation.organisation, "local_numerator", "2", "3", value, what)


PAGES = [
    supplier,
    order,
    referencing,
    identity,
    report,
    interview,
    va,
    notification,
    asp_request,
    ratio,
]


def person(page, name):
    user = member(full_name=name)
    MembershipFactory(user=user, organisation=page.host, role=page.role)
    return user


def filled(client, user, page):
    client.force_login(user)
    response = client.get(page.address)
    return {**form_with(response, page.field), **dict(page.typed)}


def post(client, user, page, data):
    client.force_login(user)
    with time_machine.travel(NOW + dt.timedelta(minutes=5), tick=False):
        return client.post(page.address, data)


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__)
def test_the_second_save_is_refused_then_accepted_once_read(client, make):
    page = make()
    karim, lucie = person(page, "Karim Deslandes"), person(page, "Lucie Ferrandin")
    shown_to_karim, shown_to_lucie = filled(client, karim, page), filled(client, lucie, page)
    saved = post(client, karim, page, {**shown_to_karim, page.field: page.first})
    assert saved.status_code == 302
    refused = post(client, lucie, page, {**shown_to_lucie, page.field: page.second})
    assert refused.status_code == 422
    assert f"Karim Deslandes a entre-temps {page.what}, 11/01/2027 à 10h05" in text(refused)
    assert page.value() == page.first
    again = form_with(refused, page.field)
    assert again[page.field] == [page.second]
    assert post(client, lucie, page, {**again, **dict(page.typed)}).status_code == 302
    assert page.value() == page.second


def test_the_two_parties_of_a_right_do_not_get_in_each_other_s_way(client):
    """The éditeur writes the mandate, the Fournisseur its habilitation: neither is stale."""
    page = supplier()
    theirs = person(page, "Karim Deslandes")
    editeur = member()
    solution = Supplier.objects.get(organisation=page.host).solution
    MembershipFactory(user=editeur, organisation=solution.organisation)
    shown_to_theirs = filled(client, theirs, page)
    client.force_login(editeur)
    shown_to_editeur = form_with(client.get(page.address), "mandate_until")
    mandate = {**shown_to_editeur, "mandate_until": "2029-06-30"}
    assert post(client, editeur, page, mandate).status_code == 302
    assert (
        post(client, theirs, page, {**shown_to_theirs, page.field: page.first}).status_code == 302
    )
    assert page.value() == page.first


def test_a_file_chosen_for_a_stale_correction_is_not_stored(client):
    page = va()
    karim, lucie = person(page, "Karim Deslandes"), person(page, "Lucie Ferrandin")
    shown = filled(client, lucie, page)
    post(client, karim, page, {**filled(client, karim, page), page.field: page.first})
    proof = upload("va.pdf")
    refused = post(client, lucie, page, {**shown, page.field: page.second, "proofs": proof})
    assert refused.status_code == 422
    assert VAFile.objects.count() == 1
