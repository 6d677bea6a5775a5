"""The pages of imports: progress, result, and nobody else's."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from imports.enums import ImportState
from imports.models import Import
from imports.services import jobs
from tests.factories import member
from tests.imports.services.test_jobs import NOW, confirmed
from tests.imports.services.test_jobs import supplier as supplier  # noqa: PLC0414  (a fixture)
from tests.imports.services.test_jobs import user as user  # noqa: PLC0414
from tests.pages import markup, text

pytestmark = pytest.mark.usefixtures("calendars", "stopped")


@pytest.fixture
def job(user, supplier):
    return confirmed(user, supplier, 201)


@pytest.mark.parametrize(
    ("values", "says", "asks_again"),
    [
        ({}, "Le fichier attend son tour", True),
        ({"state": ImportState.RUNNING, "done": 100}, "100 sur 201", True),
        ({"state": ImportState.RUNNING, "done": 201}, "l'enregistrement est en cours", True),
        ({"state": ImportState.REFUSED, "errors": ["Ligne 3 fausse"]}, "Ligne 3 fausse", False),
        ({"state": ImportState.FAILED, "errors": [jobs.INTERRUPTED]}, "interrompu 3 fois", False),
    ],
)
def test_the_page_says_where_it_is_and_asks_again_until_the_end(
    client, job, values, says, asks_again
):
    Import.objects.filter(pk=job.pk).update(**values)
    client.force_login(job.user)
    shown = client.get(job.get_absolute_url())
    assert says in text(shown)
    assert ('data-hx-trigger="every 2s"' in markup(shown)) is asks_again


def test_the_result_waits_for_its_author(client, user, job):
    jobs.run(job.pk, now=NOW)
    client.force_login(user)
    shown = client.get(job.get_absolute_url())
    assert "201 Clients ajoutés, 201 prestations enregistrées." in text(shown)
    assert reverse("prestations:index") in markup(shown)
    assert "clients.csv" in text(client.get(reverse("imports:index")))


def test_an_outsider_sees_no_import(client, job):
    client.force_login(member(Role.MANDATAIRE))
    assert client.get(job.get_absolute_url()).status_code == 404
    assert "clients.csv" not in text(client.get(reverse("imports:index")))


def test_a_long_list_goes_to_its_progress(client, user, supplier):
    client.force_login(user)
    lines = "FINESS;Nom\n" + "\n".join(f"{10000100 + n:09};Cabinet {n}" for n in range(201))
    sent = client.post(
        reverse("prestations:create_many"), {"supplier": supplier.pk, "lines": lines}
    )
    sha256 = client.get(sent.url).context["job"].sha256
    answer = client.post(sent.url, {"sha256": sha256})
    assert answer.url == Import.objects.get().get_absolute_url()
