"""Tickets by their addresses: who reaches what, what is filtered, what a form answers."""

import datetime as dt
import html
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.enums import Role
from perf.models import Ticket
from perf.services.tickets import open_ticket
from tests.by import acting
from tests.calendar_app.pages import reading
from tests.factories import OrganisationFactory, PrestationFactory, ServiceFactory, member
from tests.pages import markup

PARIS = ZoneInfo("Europe/Paris")
OPENED = dt.datetime(2027, 1, 12, 10, tzinfo=PARIS)
NOW = dt.datetime(2027, 1, 12, 10, 22, tzinfo=PARIS)

pytestmark = pytest.mark.at(NOW)
MINUTE = dt.timedelta(minutes=1)
LONG = "Groupement de coopération sanitaire d'imagerie des vallées fictives de l'Arrière-Pays " * 2


@pytest.fixture
def service(calendars):
    return ServiceFactory()


@pytest.fixture
def prestation(service):
    return service.prestation


@pytest.fixture
def salarie(client, prestation):
    user = member(Role.SALARIE, prestation.organisation)
    client.force_login(user)
    return user


def declare(service, reference="INC-1", opened_at=OPENED, **fields):
    return open_ticket(
        service=service,
        reference=reference,
        subject=fields.pop("subject", "Images introuvables"),
        opened_at=opened_at,
        by=acting(member(Role.SALARIE, service.prestation.organisation), NOW),
        **fields,
    )


@pytest.fixture
def ticket(service):
    return declare(service)


def pages(ticket):
    return {
        "index": reverse("perf:tickets"),
        "choose": reverse("perf:ticket_choose"),
        "create": reverse("perf:ticket_create", args=[ticket.service.prestation_id]),
        "detail": reverse("perf:ticket", args=[ticket.pk]),
        "respond": reverse("perf:ticket_respond", args=[ticket.pk]),
        "restore": reverse("perf:ticket_restore", args=[ticket.pk]),
        "correct": reverse("perf:ticket_correct", args=[ticket.pk]),
    }


# index, choose, create, detail, respond, restore, correct
MATRIX = {
    "salarie": (200, 200, 200, 200, 200, 200, 200),
    "editeur of the solution": (200, 200, 403, 200, 403, 403, 403),
    "agent": (200, 200, 200, 200, 200, 200, 200),
    "outsider": (200, 200, 404, 404, 404, 404, 404),
    "nobody": (200, 403, 404, 404, 404, 404, 404),
}


def person(who, prestation):
    match who:
        case "salarie":
            return member(Role.SALARIE, prestation.organisation)
        case "editeur of the solution":
            return member(organisation=prestation.supplier.solution.organisation)
        case "agent":
            return member(Role.AGENT)
        case "outsider":
            return member(organisation=PrestationFactory(client=prestation.client).organisation)
    return member(organisation=OrganisationFactory(is_active=False))


@pytest.mark.parametrize("who", MATRIX)
def test_who_reaches_which_page(client, who, calendars):
    distributeur = OrganisationFactory()
    prestation = PrestationFactory(
        supplier__solution__drimbox=True, supplier__organisation=distributeur
    )
    ticket = declare(ServiceFactory(prestation=prestation))
    client.force_login(person(who, prestation))

    statuses = tuple(client.get(url).status_code for url in pages(ticket).values())

    assert statuses == MATRIX[who]
    if MATRIX[who][-1] != 200:
        for name in ("create", "respond", "restore", "correct"):
            response = client.post(pages(ticket)[name], typed(reference="Volé"))
            assert response.status_code in (403, 404)
    assert Ticket.objects.get().reference == "INC-1"


def test_anonymous_is_sent_to_the_login_page(client, ticket):
    for url in pages(ticket).values():
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


def typed(reference="INC-7", **instants):
    data = {"reference": reference, "subject": "Lenteur"}
    for name, instant in {"opened_at": OPENED, **instants}.items():
        data |= {
            f"{name}_jour": f"{instant:%Y-%m-%d}",
            f"{name}_heure": f"{instant:%H:%M:%S}",
        }
    return data


def test_a_ticket_is_declared_answered_and_closed(client, salarie, service):
    create = reverse("perf:ticket_create", args=[service.prestation_id])

    assert "mardi 12 janvier 2027 à 10h30" in markup(client.post(create, typed(), follow=True))
    ticket = Ticket.objects.get()
    assert (ticket.recorded_by, ticket.recorded_by_name) == (salarie, str(salarie))
    url = pages(ticket)["respond"]
    client.post(url, typed(responded_at=OPENED + 15 * MINUTE))
    page = markup(
        client.post(pages(ticket)["restore"], typed(restored_at=OPENED + 20 * MINUTE), follow=True)
    )

    assert "Clos" in page
    assert page.count("Tenue") == 2
    assert "Rétabli le : vide → 12/01/2027 10h20" in page


def test_closing_asks_for_the_response_and_keeps_nothing_without(client, salarie, ticket):
    url = pages(ticket)["restore"]

    refused = client.post(url, typed(restored_at=OPENED + 20 * MINUTE))
    assert refused.status_code == 422
    assert "Indiquez le jour et l&#x27;heure" in markup(refused)
    both = typed(restored_at=OPENED + 20 * MINUTE, responded_at=OPENED + 5 * MINUTE)
    assert client.post(url, both).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.responded_at, ticket.restored_at) == (
        OPENED + 5 * MINUTE,
        OPENED + 20 * MINUTE,
    )


def test_the_way_back_leads_through_perf_and_the_client(client, salarie, ticket):
    page = markup(client.get(reverse("perf:ticket_respond", args=[ticket.pk])))
    way = page[page.index("Fil d'Ariane") : page.index("</nav>", page.index("Fil d'Ariane"))]
    prestation = ticket.service.prestation
    steps = [
        reverse("perf:index"),
        reverse("perf:prestation", args=[prestation.pk]),
        reverse("perf:ticket", args=[ticket.pk]),
    ]
    assert [way.index(f'href="{step}"') for step in steps] == sorted(
        way.index(f'href="{step}"') for step in steps
    )


def test_a_future_instant_is_refused_beside_its_field(client, salarie, ticket):
    response = client.post(pages(ticket)["respond"], typed(responded_at=NOW + MINUTE))

    assert response.status_code == 422
    assert "Cet instant est à venir" in markup(response)
    ticket.refresh_from_db()
    assert ticket.responded_at is None


def test_a_correction_moves_the_due_instants(client, salarie, ticket):
    address = pages(ticket)["correct"]
    read = reading(client, address)
    page = markup(client.post(address, typed(opened_at=OPENED - 30 * MINUTE) | read, follow=True))

    assert "mardi 12 janvier 2027 à 10h (heure de Paris)" in page
    assert "Manquée" in page
    assert "dépassée de 0 h 22 min de temps ouvert" in page


def test_the_second_of_two_who_correct_a_ticket_is_refused(client, salarie, ticket):
    address = pages(ticket)["correct"]
    read = reading(client, address)
    stated = typed(opened_at=OPENED) | read
    client.post(address, stated | {"subject": "Portail muet"})
    late = client.post(address, stated | {"subject": "Autre chose"})
    assert late.status_code == 422
    assert f"{salarie} a entre-temps modifié ce ticket" in html.unescape(markup(late))
    ticket.refresh_from_db()
    assert ticket.subject == "Portail muet"


def test_the_page_shows_each_clock_and_asks_for_itself_every_minute(client, salarie, ticket):
    page = markup(client.get(pages(ticket)["detail"]))

    assert "À risque" in page
    assert "il reste 0 h 08 min de temps ouvert" in page
    assert "À l&#x27;heure" in page
    assert f'data-hx-get="{pages(ticket)["detail"]}" data-hx-trigger="every 60s"' in page


def test_a_clock_read_after_the_session_has_ended_leads_to_the_login(client, ticket):
    url = reverse("perf:ticket", args=[ticket.pk])
    part = client.get(url, headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    assert client.get(url).status_code == 302


def test_a_prestation_unknown_to_the_filter_asks_for_nothing(client, salarie, ticket):
    page = client.get(reverse("perf:tickets"), {"prestation": "9" * 20})
    assert [row.ticket for row in page.context["rows"]] == [ticket]


def test_a_prestation_without_service_says_what_is_missing(client, calendars):
    prestation = PrestationFactory(supplier__solution__drimbox=True)
    client.force_login(member(Role.SALARIE, prestation.organisation))
    url = reverse("perf:ticket_create", args=[prestation.pk])

    assert "pas encore de service supervisé" in markup(client.get(url))
    client.post(url, typed())
    assert not Ticket.objects.exists()


def test_a_ris_prestation_has_no_ticket(client, calendars):
    prestation = PrestationFactory()
    client.force_login(member(Role.SALARIE, prestation.organisation))

    assert client.get(reverse("perf:ticket_create", args=[prestation.pk])).status_code == 404


# --- The list ------------------------------------------------------------------------------------


@pytest.fixture
def four(service):
    """One in each situation, declared on a day when all of it can be seen at once."""
    day = OPENED - dt.timedelta(days=1)
    declare(service, "A-TEMPS", NOW - MINUTE)
    declare(service, "A-RISQUE", NOW - 21 * MINUTE)
    declare(service, "MANQUES", day)
    done = day + 10 * MINUTE
    declare(service, "CLOS", day, responded_at=done, restored_at=done)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, ["MANQUES", "A-RISQUE", "A-TEMPS", "CLOS"]),
        ({"etat": "en-cours"}, ["MANQUES", "A-RISQUE", "A-TEMPS"]),
        ({"etat": "a-risque"}, ["A-RISQUE"]),
        ({"etat": "gti-manquee"}, ["MANQUES"]),
        ({"etat": "gtr-manquee"}, ["MANQUES"]),
        ({"etat": "clos"}, ["CLOS"]),
        ({"etat": "inconnu"}, ["MANQUES", "A-RISQUE", "A-TEMPS", "CLOS"]),
        ({"q": "clo"}, ["CLOS"]),
        ({"q": "rien de tel"}, []),
        ({"prestation": "999999"}, []),
        ({"prestation": "zut"}, ["MANQUES", "A-RISQUE", "A-TEMPS", "CLOS"]),
    ],
)
def test_the_list_is_filtered(client, salarie, four, asked, shown):
    rows = client.get(reverse("perf:tickets"), asked).context["rows"]

    assert [row.ticket.reference for row in rows] == shown


def test_each_sees_the_tickets_of_what_they_see(client, salarie, ticket):
    other = declare(ServiceFactory(), "AILLEURS")

    page = markup(client.get(reverse("perf:tickets")))
    assert "INC-1" in page
    assert other.reference not in page
    client.force_login(member(Role.AGENT))
    page = markup(client.get(reverse("perf:tickets")))
    assert "AILLEURS" in page
    only = client.get(reverse("perf:tickets"), {"prestation": other.service.prestation_id}).context[
        "rows"
    ]
    assert [row.ticket for row in only] == [other]


def test_an_empty_list_offers_the_next_step_once(client, salarie):
    assert markup(client.get(reverse("perf:tickets"))).count(reverse("perf:ticket_choose")) == 1


def test_without_a_service_the_next_step_is_the_prestations(client, calendars):
    client.force_login(member(Role.SALARIE))
    page = markup(client.get(reverse("perf:tickets")))
    assert reverse("perf:ticket_choose") not in page
    assert "aucun service supervisé" in page


def test_the_services_offered_are_those_one_may_write_on(client, salarie, service):
    ServiceFactory(code="ailleurs")

    url = reverse("perf:ticket_choose")
    assert [s.pk for s in client.get(url).context["services"]] == [service.pk]
    assert "Aucun service ne correspond" in markup(client.get(url, {"q": "zzz"}))


@pytest.mark.parametrize("count", [1, 20])
def test_the_queries_of_the_list_do_not_grow(
    client, salarie, service, count, django_assert_num_queries
):
    for number in range(count):
        declare(service, f"INC-{number}", subject=LONG[:200])
    client.get(reverse("perf:tickets"))

    with django_assert_num_queries(9):
        client.get(reverse("perf:tickets"))
