"""Connectors, portals and couple by their addresses: who reaches what, what a form answers."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Kind, Role
from pilots.enums import ConnectorKind, ConnectorState, PortalOutcome
from pilots.va.models import Connector, CoupleCheck, Portal, PortalAbsenceFile
from pilots.va.selectors.couple import review
from pilots.va.services.connectors import set_connector
from pilots.va.services.portals import absence_save, portal_save
from tests.by import acting
from tests.calendar_app.pages import held_again, held_in, reading
from tests.calendar_app.papers import PDF, upload
from tests.factories import OrganisationFactory, PrestationFactory, SupplierFactory, member
from tests.pages import markup

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)

pytestmark = pytest.mark.at(NOW)
DAY = "2026-11-20"
LONG = "Groupement de coopération sanitaire d'imagerie des vallées fictives de l'Arrière-Pays"


@pytest.fixture
def prestation(calendars):
    """Of a distributeur, on the DRIMbox of an éditeur."""
    own = SupplierFactory(solution__drimbox=True)
    distributeur = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    return PrestationFactory(
        supplier=SupplierFactory(solution=own.solution, organisation=distributeur)
    )


@pytest.fixture
def solution(prestation):
    return prestation.supplier.solution


@pytest.fixture
def salarie(client, prestation):
    user = member(Role.SALARIE, prestation.organisation, full_name="Lucie Ferrandin")
    client.force_login(user)
    return user


@pytest.fixture
def connector(prestation):
    return set_connector(
        prestation,
        ConnectorKind.DB_CR,
        state=ConnectorState.VALIDATED,
        on=dt.date(2026, 11, 12),
        proofs=[upload("essai.pdf")],
        by=acting(
            member(Role.SALARIE, prestation.organisation, full_name="Karim Deslandes"),
            NOW - dt.timedelta(hours=1),
        ),
    )


@pytest.fixture
def portal(prestation):
    return portal_save(
        prestation,
        name="Portail Patients",
        outcome=PortalOutcome.DECOMMISSIONED,
        done_on=dt.date(2026, 11, 12),
        proofs=[upload("arret.pdf")],
        by=acting(member(Role.SALARIE, prestation.organisation), NOW - dt.timedelta(hours=1)),
    )


@pytest.fixture
def changed(client, solution):
    """The éditeur, who has just changed the version of the proxy on the site."""
    user = member(Role.SALARIE, solution.organisation)
    client.force_login(user)
    fields = ("name", "version", "proxy_name", "market")
    data = {name: getattr(solution, name) for name in fields}
    address = reverse("solutions:edit", args=[solution.pk])
    data |= {"proxy_version": "", "version": "9", **reading(client, address)}
    return user, client.post(address, data, follow=True)


def url(name, *args):
    return reverse(f"installation:{name}", args=args)


def pages(prestation, connector, portal):
    return [
        url("connectors", prestation.pk),
        url("connector", prestation.pk, connector.kind),
        url("connector_file", connector.files.get().pk),
        url("portals", prestation.pk),
        url("portal_create", prestation.pk),
        url("portal", portal.pk),
        url("portal_file", portal.files.get().pk),
        url("couple", prestation.supplier.solution_id),
        url("portal_absence", prestation.pk),
        url("portal_absence_file", absent_file(prestation).pk),
    ]


def absent_file(prestation):
    """Of a Client of the same Fournisseur that has no portal."""
    other = PrestationFactory(supplier=prestation.supplier)
    row = absence_save(
        other,
        stated_on=dt.date(2026, 11, 12),
        proofs=[upload("attestation.pdf")],
        by=acting(member(Role.SALARIE, prestation.organisation), NOW - dt.timedelta(hours=1)),
    )
    return row.files.get()


# connectors, connector, its file, portals, a new one, portal, its file, couple, no portal (here one
# is inscribed: back to the list), its file
READS = {
    "salarie": (200, 200, 200, 200, 200, 200, 200, 200, 302, 200),
    "editeur of the solution": (200, 200, 200, 200, 403, 200, 200, 200, 403, 200),
    "agent": (200, 200, 200, 200, 403, 200, 200, 200, 403, 200),
    "outsider": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "anonymous": (302, 302, 302, 302, 302, 302, 302, 302, 302, 302),
}
# connector, a new portal, portal, couple, no portal
WRITES = {
    "salarie": (422, 422, 422, 403, 302),
    "editeur of the solution": (403, 403, 403, 422, 403),
    "agent": (403, 403, 403, 403, 403),
    "outsider": (404, 404, 404, 404, 404),
    "anonymous": (302, 302, 302, 302, 302),
}


def log_in(client, who, prestation):
    if who == "anonymous":
        return
    places = {
        "salarie": (Role.SALARIE, prestation.organisation),
        "editeur of the solution": (Role.MANDATAIRE, prestation.supplier.solution.organisation),
        "agent": (Role.AGENT,),
        "outsider": (Role.MANDATAIRE,),
    }
    client.force_login(member(*places[who]))


@pytest.mark.parametrize("who", READS)
def test_who_reads(client, who, prestation, connector, portal):
    log_in(client, who, prestation)
    found = []
    for address in pages(prestation, connector, portal):
        response = client.get(address)
        response.getvalue()
        found.append(response.status_code)
    assert tuple(found) == READS[who]


@pytest.mark.parametrize("who", WRITES)
def test_who_writes(client, who, prestation, connector, portal):
    """An empty answer: refused for what it lacks only where the person may answer."""
    log_in(client, who, prestation)
    addresses = pages(prestation, connector, portal)
    found = [client.post(addresses[place]).status_code for place in (1, 4, 5, 7, 8)]
    assert tuple(found) == WRITES[who]


def test_what_does_not_apply_does_not_exist(client, calendars):
    ris = PrestationFactory()
    client.force_login(member(Role.SALARIE, ris.organisation))
    solution = ris.supplier.solution
    for address in (
        url("portals", ris.pk),
        url("portal_create", ris.pk),
        url("portal_absence", ris.pk),
        url("couple", solution.pk),
        url("connector", ris.pk, "AUTRE"),
    ):
        assert client.get(address).status_code == 404
    assert client.get(url("connector", ris.pk, "GAM_PAM")).status_code == 200


def test_a_drimbox_has_no_flow_of_the_ris(client, salarie, prestation):
    assert client.get(url("connector", prestation.pk, "GAM_PAM")).status_code == 404


def test_a_half_connector_is_validated_with_its_proof(client, salarie, prestation):
    address = url("connector", prestation.pk, "DB_CR")
    data = {"read": "", "state": "VALIDE", "on": DAY, "note": "", "proofs": upload("essai.pdf")}
    response = client.post(address, data, follow=True)
    assert response.redirect_chain == [(url("connectors", prestation.pk), 302)]
    text = markup(response)
    assert "1 sur 2 validé" in text
    assert "essai.pdf" in text
    proof = Connector.objects.get().files.get()
    download = client.get(url("connector_file", proof.pk))
    assert download.getvalue() == PDF
    assert "attachment" in download["Content-Disposition"]


def test_what_is_missing_is_shown_on_the_page(client, salarie, prestation):
    response = client.post(
        url("connector", prestation.pk, "DB_CR"), {"read": "", "state": "VALIDE", "on": DAY}
    )
    assert response.status_code == 422
    assert "joignez au moins une pièce" in markup(response)


def test_the_second_of_two_reads_who_came_first(client, salarie, prestation, connector):
    response = client.post(
        url("connector", prestation.pk, "DB_CR"), {"read": "", "state": "TESTE", "on": DAY}
    )
    assert response.status_code == 422
    assert "Karim Deslandes a entre-temps passé ce demi-connecteur" in markup(response)


def test_history_shows_every_act_and_why(client, salarie, prestation, connector):
    data = {"read": connector.recorded_at.isoformat(), "state": "TESTE", "on": DAY}
    address = url("connector", prestation.pk, "DB_CR")
    assert client.post(address, {**data, "note": "Flux tombé."}).status_code == 302
    text = markup(client.get(address))
    assert "État : Validé → Testé" in text
    assert "Remarque : vide → Flux tombé." in text
    assert "État : Validé<br>" in text


def test_the_rule_of_the_dmp_is_on_the_board_of_a_ris(client, calendars, prestation):
    ris = PrestationFactory(client__name=LONG)
    client.force_login(member(Role.AGENT))
    rule = "Le RIS transmet toujours le CR au DMP, et ne modifie jamais un CR produit ailleurs"
    assert rule in markup(client.get(url("connectors", ris.pk)))
    assert rule in markup(client.get(url("connector", ris.pk, "TELE_ORU")))
    assert rule not in markup(client.get(url("connectors", prestation.pk)))


def test_portals_show_what_remains_and_the_text_for_the_client(client, salarie, prestation):
    page = markup(client.get(url("portals", prestation.pk)))
    assert "Les portails de ce Client ne sont pas encore connus" in page
    data = {"read": "", "name": "Portail Patients", "informed_on": DAY, "outcome": "A_TRAITER"}
    refused = client.post(url("portal_create", prestation.pk), data)
    assert "Cette date demande sa preuve" in markup(refused)
    data["informed_proofs"] = upload("message.pdf")
    page = markup(client.post(url("portal_create", prestation.pk), data, follow=True))
    assert "message.pdf" in page
    assert "1 portail à traiter avant la fin du dispositif : il reste 387 jours" in page
    assert "devra être décommissionné" in page
    assert "mercredi 15 décembre 2027 à 12h (heure de Paris)" in page


def test_after_the_end_what_remains_is_late(client, salarie, prestation):
    actor = member(Role.SALARIE, prestation.organisation)
    portal_save(prestation, name="Portail", by=acting(actor, NOW))
    with time_machine.travel(dt.datetime(2027, 12, 18, 9, tzinfo=dt.UTC), tick=False):
        client.force_login(actor)
        assert "en retard de 3 jours" in markup(client.get(url("portals", prestation.pk)))


def test_a_portal_is_ended_on_its_page(client, salarie, prestation):
    row = portal_save(prestation, name="Portail", by=acting(salarie, NOW))
    data = {
        "read": row.recorded_at.isoformat(),
        "name": "Portail",
        "outcome": "DECOMMISSIONNE",
        "done_on": DAY,
        "proofs": upload("arret.pdf"),
    }
    assert client.post(url("portal", row.pk), data).status_code == 302
    assert Portal.objects.get().outcome == PortalOutcome.DECOMMISSIONED
    text = markup(client.get(url("portal", row.pk)))
    assert "Suite : À traiter → Décommissionné" in text
    assert "Tous traités" in markup(client.get(url("portals", prestation.pk)))


def test_the_list_of_portals_that_remain(client, prestation, django_assert_max_num_queries):
    for number in range(12):
        portal_save(prestation, name=f"Portail {number}", by=acting(member(), NOW))
    client.force_login(member(Role.AGENT))
    with django_assert_max_num_queries(11):
        assert "Portail 11" in markup(client.get(url("pending_portals")))
    client.force_login(member())
    assert "Aucun portail inscrit n'est à traiter" in markup(client.get(url("pending_portals")))


def test_the_clients_never_asked_come_first(
    client, prestation, portal, django_assert_max_num_queries
):
    others = [
        PrestationFactory(supplier=prestation.supplier, client__name=f"Clinique {n}")
        for n in range(12)
    ]
    client.force_login(member(Role.SALARIE, prestation.organisation))
    with django_assert_max_num_queries(11):
        page = markup(client.get(url("pending_portals")))
    assert "Clinique 11" in page
    assert url("portal_absence", others[0].pk) in page
    assert url("portals", prestation.pk) not in page
    assert "Aucun portail inscrit" in markup(
        client.get(url("pending_portals"), {"vue": "portails"})
    )
    client.force_login(member(Role.AGENT))
    page = markup(client.get(url("pending_portals")))
    assert f"{prestation.organisation} doit interroger le Client." in page
    assert url("portal_absence", others[0].pk) not in page


def test_no_portal_is_declared_with_its_proof_then_a_portal_ends_it(client, salarie, prestation):
    address = url("portal_absence", prestation.pk)
    assert address in markup(client.get(url("portals", prestation.pk)))
    refused = client.post(address, {"stated_on": DAY})
    assert refused.status_code == 422
    assert "Joignez la preuve" in markup(refused)
    data = {"stated_on": DAY, "note": "CD seulement.", "proofs": upload("attestation.pdf")}
    page = markup(client.post(address, data, follow=True))
    assert "constaté le" in page
    assert "attestation.pdf" in page
    client.post(url("portal_create", prestation.pk), {"name": "Nouveau", "outcome": "A_TRAITER"})
    page = markup(client.get(url("portals", prestation.pk)))
    assert "Aucun portail, constaté le 20/11/2026, par Lucie Ferrandin, jusqu" in page
    assert "Un portail de ce Client est inscrit" in markup(client.get(address, follow=True))


def test_a_proof_is_held_while_its_day_is_corrected(client, salarie, prestation, scans):
    address = url("portal_absence", prestation.pk)
    form = client.post(address, {"stated_on": "", "proofs": upload("a.pdf")}).context["form"]
    assert held_in(form, "proofs") == ["a.pdf"]
    assert client.post(address, {"stated_on": DAY, **held_again([form])}).status_code == 302
    assert [file.name for file in PortalAbsenceFile.objects.all()] == ["a.pdf"]
    assert scans == ["a.pdf"]


def test_changing_the_couple_leads_to_what_it_obliges(client, changed, solution):
    _, response = changed
    address = url("couple", solution.pk)
    assert f'<a href="{address}">voyez ce qu\'il faut revoir</a>' in markup(response)
    assert "3 points à revoir" in markup(response)
    page = markup(client.get(address))
    assert "Version de la DRIMbox : 2.0 → 9" in page
    assert 'value="referencement"' in page


def test_changing_the_market_alone_leads_nowhere(client, solution):
    client.force_login(member(Role.SALARIE, solution.organisation))
    fields = ("name", "version", "proxy_name", "proxy_version")
    data = {name: getattr(solution, name) for name in fields}
    address = reverse("solutions:edit", args=[solution.pk])
    data |= {"market": "AUTOEDITEE", **reading(client, address)}
    response = client.post(address, data, follow=True)
    assert "Modification enregistrée." in markup(response)
    assert "faut revoir" not in markup(response)


def test_points_are_acknowledged_with_a_note(client, changed, solution, prestation):
    user, _ = changed
    found = review(solution, user)
    data = {
        "change": found.change.pk,
        "subjects": [point.key for point in found.open],
        "note": "Vu avec l'ANS.",
    }
    address = url("couple", solution.pk)
    page = markup(client.post(address, data, follow=True))
    assert "Rien ne reste à revoir." in page
    assert "Tout est revu" in page
    assert CoupleCheck.objects.count() == len(found.open)
    again = client.post(address, data)
    assert again.status_code == 422
    assert "entre-temps" in markup(again)
    solution_page = markup(client.get(reverse("solutions:detail", args=[solution.pk])))
    assert "points à revoir" not in solution_page


def test_the_prestation_concerned_says_so(client, connector, changed, prestation, solution):
    client.force_login(member(Role.SALARIE, prestation.organisation))
    page = markup(client.get(reverse("prestations:detail", args=[prestation.pk])))
    assert "1 point à revoir pour cette prestation" in page
    assert url("couple", solution.pk) in page


def test_a_prestation_leads_to_its_installation(client, salarie, prestation):
    page = markup(client.get(reverse("prestations:detail", args=[prestation.pk])))
    for name in ("installation:connectors", "installation:portals", "va:detail", "perf:prestation"):
        assert reverse(name, args=[prestation.pk]) in page


def test_a_ris_prestation_leads_to_its_pilots_and_has_no_portal(client, calendars):
    ris = PrestationFactory()
    client.force_login(member(Role.SALARIE, ris.organisation))
    page = markup(client.get(reverse("prestations:detail", args=[ris.pk])))
    assert reverse("pilots:index") in page
    assert url("connectors", ris.pk) in page
    assert url("portals", ris.pk) not in page
