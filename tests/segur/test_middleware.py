"""What every form sends is read without what cannot be seen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from segur.middleware import TypedTextMiddleware
from tests.factories import member


def answer(_request):
    return HttpResponse()


def received(**typed):
    request = RequestFactory().post("/", typed)
    TypedTextMiddleware(answer).process_view(request, answer)
    return request


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Panne\x07 du réseau", "Panne du réseau"),
        ("C:\x00x", "C:x"),
        ("ligne 1\r\nligne 2\t!", "ligne 1\r\nligne 2\t!"),
        ("\u200b\u2060", ""),
        (" ", ""),
    ],
)
def test_a_text(typed, read):
    assert received(name=typed).POST["name"] == read


def test_each_of_several_values():
    assert received(names=["a\x01", "b"]).POST.getlist("names") == ["a", "b"]


def test_a_password_is_left_as_it_is_typed():
    assert received(password1="a\x01 ", oldpassword=" ").POST.dict() == {
        "password1": "a\x01 ",
        "oldpassword": " ",
    }


def test_the_name_of_a_file():
    upload = SimpleUploadedFile("recu\u202efdp.pdf", b"x")
    assert received(proofs=upload).FILES["proofs"].name == "recufdp.pdf"


def test_what_is_read_cannot_be_changed():
    with pytest.raises(AttributeError):
        received(name="a").POST["name"] = "b"


def test_a_view_without_csrf_reads_its_body_itself():
    request = RequestFactory().post("/", {"name": "a\x01"})
    TypedTextMiddleware(answer).process_view(request, csrf_exempt(answer))
    assert request.POST["name"] == "a\x01"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/", "private, no-cache"),
        ("/profil/", "private, no-cache"),
        ("/prestations/liste.csv", "private, no-store"),
    ],
)
def test_what_a_logged_in_person_is_answered_stays_with_them(client, calendars, url, kept):
    client.force_login(member())
    assert client.get(url)["Cache-Control"] == kept


def test_what_is_public_may_be_kept(client, calendars):
    assert not client.get("/").has_header("Cache-Control")
    client.force_login(member())
    client.get("/profil/")  # the first answer to a session sets cookies
    assert "public" in client.get("/calendriers/ris.ics")["Cache-Control"]
