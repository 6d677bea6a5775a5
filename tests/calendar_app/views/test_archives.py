"""The dossier of a prestation or a solution as a ZIP: what is in it, for whom."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from accounts.enums import Role
from journal.models import Entry
from tests.factories import member
from tests.pilots.reviewing import NOW, agent, pv_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]


@pytest.fixture
def prestation():
    return pv_of().pilot.prestation


def take(client, prestation):
    return client.post(reverse("prestations:archive", args=[prestation.pk]))


def names(response):
    found = zipfile.ZipFile(io.BytesIO(b"".join(response)))
    return [line["chemin"] for line in json.loads(found.read("manifest.json"))["fichiers"]]


def test_a_member_gets_the_files_and_the_journal_says_so(client, prestation):
    client.force_login(member(Role.SALARIE, prestation.organisation))
    response = take(client, prestation)
    assert response["Content-Type"] == "application/zip"
    assert names(response) == ["PV d'installation pilote/pv-signe.pdf"]
    entry = Entry.objects.get(act="prestation.archive")
    assert entry.what == "Dossier exporté : 1 fichier"


def test_what_a_person_may_not_read_is_not_in_it(client, prestation):
    """A PV that was never sent is no affair of the ANS."""
    client.force_login(agent())
    prestation.pilot.pvs.update(sent_at=None)
    assert names(take(client, prestation)) == []


def test_the_solution_has_its_own(client, prestation):
    solution = prestation.supplier.solution
    client.force_login(member(Role.SALARIE, solution.organisation))
    response = client.post(reverse("solutions:archive", args=[solution.pk]))
    assert names(response) == []
    assert Entry.objects.filter(act="solution.archive").exists()


def test_an_outsider_finds_nothing(client, prestation):
    client.force_login(member(Role.MANDATAIRE))
    assert take(client, prestation).status_code == 404
    address = reverse("solutions:archive", args=[prestation.supplier.solution_id])
    assert client.post(address).status_code == 404
    assert not Entry.objects.filter(act__endswith=".archive").exists()


def test_it_takes_a_button(client, prestation):
    client.force_login(member(Role.SALARIE, prestation.organisation))
    assert client.get(reverse("prestations:archive", args=[prestation.pk])).status_code == 405
