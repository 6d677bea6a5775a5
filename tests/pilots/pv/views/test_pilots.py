"""Pages of the pilots and of their PV: who reaches which, and what the forms do."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline
from calendar_app.services.deadlines import open_deadlines
from pilots.enums import AspRequestState
from pilots.pv.models import AspRequest, Pilot, PilotPV
from tests.calendar_app.pages import reading
from tests.factories import (
    MembershipFactory,
    PilotFactory,
    PrestationFactory,
    SupplierFactory,
    justified_pilot,
    member,
)
from tests.pages import markup
from tests.people_around import person_around
from tests.pilots.cases import (
    NOW,
    log_in,
    named,
    ordered,
    signed_pv,
    validated,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("calendars", "checklists"),
    pytest.mark.at(NOW),
]


@pytest.fixture
def pv():
    return signed_pv()


def pages(pv):
    pilot = pv.pilot
    request = AspRequest.objects.filter(prestation=pilot.prestation).first()
    names = ("pv", "pv_receipt", "pv_pdf", "pv_edit", "pv_sign", "pv_abandon")
    return [
        reverse("pilots:name", args=[pilot.prestation.supplier_id]),
        reverse("pilots:detail", args=[pilot.pk]),
        reverse("pilots:withdraw", args=[pilot.pk]),
        reverse("pilots:request", args=[request.pk]),
        *(reverse(f"pilots:{name}", args=[pv.pk]) for name in names),
        reverse("pilots:pv_file", args=[pv.files.first().pk]),
    ]


# name, pilot, withdraw, request, pv, receipt, pdf, edit, sign, abandon, file
# of a PV that was never sent: the ANS sees that it is being prepared, and opens nothing of it
MATRIX = {
    "mandataire": (200,) * 11,
    "representant": (200,) * 11,
    "salarie": (200, 200, 200, 200, 200, 200, 200, 200, 200, 403, 200),
    "editeur of the solution": (403, 200, 403, 200, 200, 200, 200, 403, 403, 403, 200),
    "agent": (403, 200, 403, 200, *(404,) * 7),
    "responsable": (403, 200, 403, 200, *(404,) * 7),
    "other distributeur": (404,) * 11,
    "outsider": (404,) * 11,
    "nobody": (404,) * 11,
}


@pytest.mark.parametrize("who", MATRIX)
def test_who_reaches_which_page(client, pv, who):
    client.force_login(person_around(who, pv.pilot.prestation))
    responses = [client.get(url) for url in pages(pv)]
    if MATRIX[who][-1] == 200:
        responses[-1].getvalue()
    assert tuple(response.status_code for response in responses) == MATRIX[who]


SENT_AT = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(("sent_at", "status", "links"), [(None, 404, 0), (SENT_AT, 200, 1)])
def test_the_ans_opens_a_pv_from_its_first_sending_on(client, pv, sent_at, status, links):
    PilotPV.objects.filter(pk=pv.pk).update(sent_at=sent_at)
    client.force_login(person_around("agent", pv.pilot.prestation))
    review = [reverse("review:pv", args=[pv.pk]), reverse("review:file", args=[pv.files.get().pk])]
    responses = [client.get(url) for url in (*review, *pages(pv)[4:5])]
    responses[1].close()
    assert [response.status_code for response in responses] == [status] * 3
    page = client.get(reverse("pilots:detail", args=[pv.pilot_id]))
    assert page.context["row"].pv_label == "Signé, pas encore transmis"
    assert markup(page).count(f'href="{reverse("pilots:pv", args=[pv.pk])}"') == links


def test_an_agent_who_is_also_of_the_fournisseur_keeps_its_drafts(client, pv):
    user = person_around("agent", pv.pilot.prestation)
    MembershipFactory(user=user, organisation=pv.pilot.prestation.organisation)
    client.force_login(user)
    assert client.get(reverse("pilots:pv", args=[pv.pk])).status_code == 200


# pv_create, send, take_back
ACTS = {
    "mandataire": (302, 302, 302),
    "representant": (302, 302, 302),
    "salarie": (302, 403, 403),
    "editeur of the solution": (403, 403, 403),
    "agent": (403, 404, 404),
    "other distributeur": (404, 404, 404),
    "outsider": (404, 404, 404),
}


@pytest.mark.parametrize("who", ACTS)
def test_who_may_act(client, pv, who):
    client.force_login(person_around(who, pv.pilot.prestation))
    urls = [
        reverse("pilots:pv_create", args=[pv.pilot_id]),
        *(reverse(f"pilots:{name}", args=[pv.pk]) for name in ("pv_send", "pv_take_back")),
    ]
    assert tuple(client.post(url).status_code for url in urls) == ACTS[who]


def test_anonymous_is_asked_to_log_in(client, pv):
    for url in [reverse("pilots:index"), *pages(pv)]:
        assert client.get(url)["Location"].endswith(f"?next={url}")


def test_the_index_says_what_is_next_for_each_client(client):
    pilot = named()
    log_in(client, pilot)
    page = markup(client.get(reverse("pilots:index")))
    for words in (pilot.client.name, "la déposer à l&#x27;ASP", "Place 2, libre", "0 Client sur 3"):
        assert words in page


def test_the_index_without_a_ris_says_where_to_begin(client):
    client.force_login(member())
    assert "La DRIMbox n'a pas de phase pilote" in markup(
        client.get(reverse("pilots:index"))
    ).replace("&#x27;", "'")


def test_the_queries_of_the_index_do_not_grow(client, django_assert_max_num_queries):
    supplier = SupplierFactory()
    client.force_login(member(organisation=supplier.organisation))
    for _ in range(6):
        PilotFactory(prestation=PrestationFactory(supplier=supplier))
    with django_assert_max_num_queries(18):
        client.get(reverse("pilots:index"))


def test_naming_a_client_of_ones_prestations(client):
    prestation, elsewhere = ordered(), ordered()
    client.force_login(member(organisation=prestation.organisation))
    url = reverse("pilots:name", args=[prestation.supplier_id])
    assert client.post(url, {"prestation": elsewhere.pk}).status_code == 422
    response = client.post(url, {"prestation": prestation.pk})
    assert response["Location"] == reverse("pilots:detail", args=[Pilot.objects.get().pk])


def test_nobody_left_to_name(client):
    pilot = named()
    log_in(client, pilot)
    page = client.get(reverse("pilots:name", args=[pilot.prestation.supplier_id]))
    assert "Aucun Client à désigner" in markup(page)


def test_with_nobody_left_the_button_gives_way_to_a_sentence(client):
    pilot = named()
    log_in(client, pilot)
    index = reverse("pilots:index")
    button = reverse("pilots:name", args=[pilot.prestation.supplier_id])
    page = markup(client.get(index))
    assert button not in page
    assert "toutes vos prestations de cette solution sont déjà pilotes" in page
    PrestationFactory(supplier=pilot.prestation.supplier)
    assert button in markup(client.get(index))


def test_a_drimbox_supplier_has_no_such_page(client):
    supplier = SupplierFactory(solution__drimbox=True)
    client.force_login(member(organisation=supplier.organisation))
    assert client.get(reverse("pilots:name", args=[supplier.pk])).status_code == 404


def test_withdrawing_asks_for_a_reason(client):
    pilot = named()
    log_in(client, pilot)
    url = reverse("pilots:withdraw", args=[pilot.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Reporté."})["Location"] == reverse("pilots:index")
    assert "Reporté." in markup(client.get(reverse("pilots:detail", args=[pilot.pk])))


def test_replacing_leads_to_the_new_client(client):
    pilot = named()
    other = ordered(supplier=pilot.prestation.supplier)
    log_in(client, pilot)
    values = {"reason": "Reporté.", "replacement": other.pk}
    response = client.post(reverse("pilots:withdraw", args=[pilot.pk]), values)
    assert response["Location"] == reverse("pilots:detail", args=[other.pilot.pk])


def test_a_request_is_recorded_with_its_day(client):
    pilot = named()
    row = AspRequest.objects.filter(prestation=pilot.prestation).first()
    log_in(client, pilot, Role.SALARIE)
    url = reverse("pilots:request", args=[row.pk])
    read = reading(client, url)
    impossible = client.post(url, {**read, "state": "PAYEE", "on": "2026-10-01"})
    assert impossible.status_code == 422
    assert "États possibles : « Déposée »" in markup(impossible)
    deposited = {**read, "state": "DEPOSEE"}
    assert client.post(url, {**deposited, "on": "2026-11-23"}).status_code == 422
    assert client.post(url, {**deposited, "on": "2026-10-01"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.deposited_on) == (AspRequestState.DEPOSITED, dt.date(2026, 10, 1))


def test_requests_deposited_and_a_milestone_not_declared_are_shown_on_both_pages(client):
    pilot = named()
    log_in(client, pilot, Role.REPRESENTANT)
    open_deadlines(now=NOW, prestation=pilot.prestation)
    deadline = Deadline.objects.get(prestation=pilot.prestation, milestone__number=4)
    page, other = (
        reverse("pilots:detail", args=[pilot.pk]),
        reverse("deadlines:detail", args=[deadline.pk]),
    )
    assert other not in markup(client.get(page))
    assert "notées comme déposées" not in markup(client.get(other))
    validated(pilot)
    assert other in markup(client.get(page))
    assert "déposée le <time" in markup(client.get(other))
    Deadline.objects.filter(pk=deadline.pk).update(state=State.NOT_APPLICABLE)
    assert other not in markup(client.get(page))
    assert "notées comme déposées" not in markup(client.get(other))


def test_rights_that_forbid_the_solde_stand_beside_a_justified_perimeter(client):
    supplier = SupplierFactory(psc_until=dt.date(2026, 11, 1))
    pilots = [justified_pilot(supplier) for _ in range(3)]
    log_in(client, pilots[0], Role.REPRESENTANT)
    page = markup(client.get(reverse("pilots:index")))
    assert "Périmètre pilote justifié" in page
    assert "Le solde peut être demandé." not in page
    assert "Pour demander le solde, il manque aussi au Fournisseur" in page


def test_only_the_fournisseur_records_a_request(client):
    pilot = named()
    row = AspRequest.objects.filter(prestation=pilot.prestation).first()
    client.force_login(member(Role.AGENT))
    url = reverse("pilots:request", args=[row.pk])
    assert "Enregistrer l'état" not in markup(client.get(url))
    assert client.post(url, {"state": "DEPOSEE", "on": "2026-10-01"}).status_code == 403
