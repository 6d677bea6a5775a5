"""«Mes données», and the requests that responsables of the ANS answer."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from privacy.models import ErasureRequest, OrganisationArchive
from privacy.rules.scrubbing import ERASED
from privacy.services.requests import erasure_ask
from tests.by import acting
from tests.factories import OrganisationFactory, UserFactory, member
from tests.pages import page, text

pytestmark = pytest.mark.django_db
MINE, ERASE, KEEP = (reverse(f"privacy:{name}") for name in ("mine", "erase", "keep"))
EXPORT, ORGANISATION = reverse("privacy:export"), reverse("privacy:export_organisation")
LIST = reverse("privacy:erasures")
PROFILE, HOST = reverse("accounts:profile"), reverse("accounts:organisation")


def asked(user=None):
    return erasure_ask(by=acting(user or member(Role.SALARIE), timezone.now()))


def of(row):
    return reverse("privacy:erasure", args=[row.pk])


def names(response):
    content = b"".join(response.streaming_content)
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_the_profile_leads_to_the_export(client):
    user = member(Role.SALARIE)
    assert f'href="{MINE}"' in page(client, user, PROFILE).content.decode()
    response = client.post(EXPORT)
    assert response["Content-Disposition"].endswith(".zip") or "zip" in response["Content-Type"]
    assert "Données/compte.json" in names(response)


def test_a_person_asks_after_reading_what_goes_and_may_keep_their_account(client):
    user = member(Role.SALARIE)
    shown = text(page(client, user, ERASE))
    assert "Organisations quittées" in shown
    assert "7 jours après votre demande" in shown
    assert "Effacement demandé" in text(client.post(ERASE, follow=True))
    assert "Garder mon compte" in text(client.get(MINE))
    assert "Demande retirée" in text(client.post(KEEP, follow=True))
    assert "Demander l'effacement" in text(client.get(MINE))
    assert client.post(KEEP).status_code == 404


def test_the_last_mandataire_reads_why_not_and_has_no_button(client):
    user = member(Role.MANDATAIRE)
    response = page(client, user, ERASE)
    assert "personne d'autre ne dirige cette organisation" in text(response)
    assert "Demander l'effacement" not in text(response).partition("Effacer mon compte Effacé")[2]
    client.post(ERASE)
    assert not ErasureRequest.objects.exists()


def test_a_responsable_reads_then_erases(client):
    row, responsable = asked(), member(Role.RESPONSABLE)
    name = row.user.full_name
    assert name in text(page(client, responsable, LIST))
    assert "Effacer cette personne maintenant ?" in text(client.get(of(row)))
    assert "Personne effacée" in text(client.post(of(row), follow=True))
    row.user.refresh_from_db()
    assert row.user.full_name == ERASED
    assert "Aucune demande n'attend" in text(client.get(LIST))
    assert client.get(of(row)).status_code == 404


@pytest.mark.parametrize(
    ("role", "of_list", "of_one"),
    [(Role.AGENT, 403, 404), (Role.MANDATAIRE, 403, 404), (None, 403, 404)],
)
def test_nobody_else_sees_the_requests(client, role, of_list, of_one):
    row = asked()
    user = member(role) if role else UserFactory()
    assert page(client, user, LIST).status_code == of_list
    assert page(client, user, of(row)).status_code == of_one
    assert client.post(of(row)).status_code == of_one


def test_the_person_sees_their_request_but_does_not_do_it(client):
    row = asked()
    assert page(client, row.user, of(row)).status_code == 403
    assert client.post(of(row)).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [(Role.MANDATAIRE, 302), (Role.REPRESENTANT, 403), (Role.SALARIE, 403)]
)
def test_the_export_of_an_organisation_is_its_mandataire_s(client, role, status):
    user = member(role)
    offered = ORGANISATION in page(client, user, HOST).content.decode()
    assert offered == (status == 302)
    assert client.post(ORGANISATION).status_code == status
    assert OrganisationArchive.objects.exists() == offered


def test_without_an_organisation_there_is_none_to_export(client):
    client.force_login(UserFactory())
    assert client.post(ORGANISATION).status_code == 302


def test_the_list_costs_the_same_whatever_its_length(client, django_assert_max_num_queries):
    host, responsable = OrganisationFactory(), member(Role.RESPONSABLE)
    for _ in range(20):
        asked(member(Role.SALARIE, host))
    client.force_login(responsable)
    with django_assert_max_num_queries(12):
        client.get(LIST)
