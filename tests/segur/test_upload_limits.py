"""Beyond a limit of one sending: a page that says what to do, from a real form of the site."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Filing
from segur.middleware import TEXTS
from tests.calendar_app.filing_cases import of_prestation
from tests.calendar_app.pages import text
from tests.calendar_app.papers import PDF, upload
from tests.factories import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]

HERE = "http://testserver/echeances/1/"


@pytest.fixture
def address(client):
    actor = member(Role.REPRESENTANT)
    client.force_login(actor)
    return reverse("deadlines:prepare", args=[of_prestation(5, editeur=actor).pk])


def send(client, address, files, **options):
    return client.post(address, {"enregistrer": "1", "proofs": files}, **options)


def test_as_many_files_as_announced_are_taken(client, address, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    assert send(client, address, [upload() for _ in range(3)]).status_code == 302


def test_one_file_more_is_a_page_that_says_what_to_do(client, address):
    response = send(client, address, [upload() for _ in range(101)])
    assert response.status_code == 413
    shown = text(response)
    assert "Votre envoi compte plus de 100 fichiers." in shown
    assert "100 au plus à chaque envoi, ou réunissez-les dans un ZIP" in shown
    assert "Rien n'est enregistré de cet envoi." in shown
    assert f'<a class="button" href="{address}">' in response.content.decode()
    assert not Filing.objects.exists()
    assert client.get(address).status_code == 200


def test_files_too_big_together_are_refused_before_they_are_read(client, address, settings):
    taken = send(client, address, [upload()])
    assert taken.status_code == 302
    sent = int(taken.wsgi_request.META["CONTENT_LENGTH"])

    settings.UPLOAD_MAX_TOTAL_BYTES = sent - TEXTS
    assert send(client, address, [upload()]).status_code == 302
    settings.UPLOAD_MAX_TOTAL_BYTES = sent - TEXTS - 1
    response = send(client, address, [upload()])
    assert response.status_code == 413
    assert "en tout. Joignez vos fichiers en plusieurs fois" in text(response)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("DATA_UPLOAD_MAX_NUMBER_FIELDS", "trop de champs"),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", "Le texte envoyé est trop long"),
    ],
)
def test_so_are_texts(client, address, settings, limit, words):
    setattr(settings, limit, 2)
    response = client.post(address, {"comment": "long", "a": "1", "enregistrer": "1"})
    assert response.status_code == 413
    assert words in text(response)


@pytest.mark.parametrize(
    ("came_from", "back"),
    [(HERE, HERE), ("https://x.example/", None)],
)
def test_the_way_back_is_a_page_of_this_site(client, address, settings, came_from, back):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    response = send(client, address, [upload(), upload()], headers={"referer": came_from})
    assert f'<a class="button" href="{back or address}">' in response.content.decode()


def test_another_request_not_understood_is_a_400(client, address):
    response = client.post(
        address, PDF, content_type="multipart/form-data; boundary=", headers={"accept": "*/*"}
    )
    assert response.status_code == 400
    assert "Demande non comprise" in text(response)
