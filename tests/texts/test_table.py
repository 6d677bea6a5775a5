"""The table of the texts, through the real screens, the file of outages and the API."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Invitation, Organisation
from calendar_app.models import Filing
from perf.models import Outage, OutageVersion, Ratio
from segur.lib import paris
from tests.calendar_app.filing_cases import NOW, of_prestation
from tests.factories import OrganisationFactory, PrestationFactory, ServiceFactory, member
from tests.keys import Caller
from tests.perf import csv_files
from tests.perf.api.conftest import key_of
from tests.texts.table import CHARACTERS, FIELDS, PAGE, REFUSED, expected, markdown, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]


@pytest.fixture(autouse=True)
def _clock(time_machine, settings):
    time_machine.move_to(NOW, tick=False)
    settings.ACCOUNT_RATE_LIMITS = False


def one(values):
    """The only value kept, or that nothing was."""
    found = list(values)
    assert len(found) < 2, found
    return found[0] if found else REFUSED


def login(client):
    user = member(email=FIELDS["login address"])

    def send(text):
        client.logout()
        answer = {"login": text, "password": "mot de passe de test"}
        client.post(reverse("account_login"), answer)
        return user.email if "_auth_user_id" in client.session else REFUSED

    return send


def invitation(client):
    mandataire = member(Role.MANDATAIRE)
    client.force_login(mandataire)
    url = reverse("accounts:invite", args=[mandataire.memberships.get().organisation_id])

    def send(text):
        client.post(url, {"email": text, "role": "SALARIE"})
        kept = one(Invitation.objects.values_list("email", flat=True))
        Invitation.objects.all().delete()
        return kept

    return send


def organisation(client, field, **values):
    client.force_login(member(Role.RESPONSABLE))

    def send(text):
        data = {"kind": "EDITEUR", "name": "Hélix", "siren": "900000001", "city": "Ici"}
        client.post(reverse("accounts:organisation_create"), {**data, **values, field: text})
        found = Organisation.objects.filter(city="Ici")
        kept = one(found.values_list(field, flat=True))
        found.delete()
        return kept

    return send


def search(client):
    client.force_login(member(Role.RESPONSABLE))
    OrganisationFactory(name="Hélfix", city="Rennes")

    def send(text):
        response = client.get(reverse("accounts:organisations"), {"q": text})
        found = [row.name for row in response.context["page_obj"]]
        return FIELDS["search box"] if found == ["Hélfix"] else REFUSED

    return send


def outage(client, field):
    service = ServiceFactory()
    client.force_login(member(Role.SALARIE, service.prestation.organisation))
    url = reverse("perf:outage_create", args=[service.prestation_id])
    shown = {
        "reference": lambda version: version.reference,
        "started_at_jour": lambda version: f"{paris.local(version.started_at):%d/%m/%Y}",
        "started_at_heure": lambda version: f"{paris.local(version.started_at):%H:%M:%S}",
    }[field]

    def send(text):
        answer = {
            "source": "FOURNISSEUR",
            "nature": "PANNE",
            "started_at_jour": "2026-11-16",
            "started_at_heure": "10:00:00",
            "ended_at_jour": "",
            "ended_at_heure": "",
            "reference": "T-9",
        }
        client.post(url, {**answer, field: text})
        kept = one(shown(version) for version in OutageVersion.objects.all())
        Outage.objects.update(counting=None)
        Outage.objects.all().delete()
        return kept

    return send


def file_of_outages(client):
    service = ServiceFactory(code="drim-1")
    client.force_login(member(Role.SALARIE, service.prestation.organisation))

    def send(text):
        client.post(csv_files.PAGE, {"file": csv_files.upload(csv_files.line("drim-1", text))})
        [row] = client.get(csv_files.CHECK).context["plan"].rows
        return one(cell.text for cell in row.cells if cell.title == "Référence")

    return send


def api(client):
    service = ServiceFactory(code="drim-1")
    caller = Caller(client, key_of(service.prestation.organisation))
    body = {"service": "drim-1", "started_at": "2026-11-02T09:00:00+01:00", "ended_at": None}

    def send(text):
        answer = caller.post("outages", {**body, "source": "FOURNISSEUR", "reference": text})
        return answer.json()["outage"]["versions"][0]["reference"]

    return send


def filing(client, field):
    actor = member(Role.REPRESENTANT)
    deadline = of_prestation(5, editeur=actor)
    client.force_login(actor)
    url = reverse("deadlines:prepare", args=[deadline.pk])

    def send(text):
        client.post(url, {field: text, "enregistrer": "1"})
        kept = one(Filing.objects.values_list(field, flat=True))
        Filing.objects.all().delete()
        return kept

    return send


def ratio(client, field):
    prestation = PrestationFactory()
    client.force_login(member(Role.SALARIE, prestation.organisation))
    url = reverse("perf:ratio_create", args=[prestation.pk])
    shown = {
        "month": lambda row: f"{row.month:%m/%Y}",
        "local_numerator": lambda row: str(row.local_numerator),
    }[field]

    def send(text):
        counts = {"local_numerator": 1, "local_denominator": 20000}
        remote = {"remote_numerator": 1, "remote_denominator": 20}
        answer = {"indicator": "PERFM", "month": "2026-10", **counts, **remote, field: text}
        client.post(url, answer)
        kept = one(shown(row) for row in Ratio.objects.all())
        Ratio.objects.all().delete()
        return kept

    return send


DOORS = {
    "login address": login,
    "invitation address": invitation,
    "SIREN": lambda client: organisation(client, "siren"),
    "FINESS": lambda client: organisation(client, "finess", kind="CLIENT", siren=""),
    "outage reference, form": lambda client: outage(client, "reference"),
    "outage reference, CSV": file_of_outages,
    "outage reference, API": api,
    "deposit number": lambda client: filing(client, "external_reference"),
    "day": lambda client: outage(client, "started_at_jour"),
    "hour": lambda client: outage(client, "started_at_heure"),
    "month of a ratio": lambda client: ratio(client, "month"),
    "count of a ratio": lambda client: ratio(client, "local_numerator"),
    "comment": lambda client: filing(client, "comment"),
    "organisation name": lambda client: organisation(client, "name"),
    "search box": search,
}


@pytest.mark.parametrize("field", FIELDS)
def test_what_becomes_of_each_character(client, field):
    send = DOORS[field](client)
    assert send(FIELDS[field]) == FIELDS[field]
    sent = {name: text for name in CHARACTERS if (text := typed(name, field))}
    found = {name: send(text) for name, text in sent.items()}
    assert found == {name: expected(name, field) for name in sent}


def test_the_page_of_the_documentation_is_the_table():
    assert PAGE.read_text() == markdown()
