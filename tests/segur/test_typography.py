"""Where the no-break spaces of French stand in what leaves the site."""

import pytest
from django.core.mail import send_mail
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils.html import strip_tags

from mailing.models import OutgoingMail
from segur.typography import NoBreakSpacesMiddleware
from tests.factories import UserFactory

SENTENCE = "Reste : 2 h"
HELD = "Reste\u00a0: 2\u00a0h"


def through(response):
    return NoBreakSpacesMiddleware(lambda _request: response)(RequestFactory().get("/"))


def test_a_page_leaves_with_its_spaces_held():
    assert through(HttpResponse(SENTENCE)).content.decode() == HELD


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(SENTENCE, content_type="application/json"),
        HttpResponse(SENTENCE, content_type="text/csv; charset=utf-8"),
        HttpResponse(SENTENCE, headers={"Content-Disposition": 'attachment; filename="a.html"'}),
    ],
)
def test_a_download_stays_byte_for_byte(response):
    assert through(response).content.decode() == SENTENCE


def test_what_streams_is_not_read():
    streamed = through(StreamingHttpResponse([SENTENCE]))
    assert streamed.getvalue().decode() == SENTENCE


def test_every_page_passes_through_it(client, calendars):
    page = client.get("/").content.decode()
    assert "\u00a0:" in page
    assert " :" not in strip_tags(page)


@pytest.mark.django_db
def test_a_message_after_an_act_has_them_too(client):
    client.force_login(UserFactory())
    done = client.post(reverse("calendars:subscription"), {"supprimer": ""}, follow=True)
    assert "L&#x27;adresse est supprimée\u00a0: elle" in done.content.decode()


@pytest.mark.django_db
def test_a_mail_is_written_with_its_spaces_held():
    send_mail("Objet", SENTENCE, None, ["a@example.org"], html_message=f"<p>{SENTENCE}</p>")
    written = OutgoingMail.objects.get()
    assert written.body_text == HELD
    assert written.body_html == f"<p>{HELD}</p>"
