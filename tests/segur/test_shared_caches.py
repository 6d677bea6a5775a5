"""What a shared cache may keep: nothing that sets a cookie."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from segur.headers import HeadersMiddleware
from tests.accounts.moments import later
from tests.factories import member

pytestmark = pytest.mark.django_db


def answered(*, cache, cookie):
    def view(_request):
        response = HttpResponse("x", headers={"Cache-Control": cache} if cache else {})
        if cookie:
            response.set_cookie("sessionid", "secret")
        return response

    return HeadersMiddleware(view)(RequestFactory().get("/")).headers.get("Cache-Control")


@pytest.mark.parametrize(
    ("cache", "cookie", "kept"),
    [
        ("public, max-age=60", False, "public, max-age=60"),
        ("public, max-age=60", True, "max-age=60, private"),
        ("max-age=60", True, "max-age=60, private"),
        ("private, no-cache", True, "private, no-cache"),
        ("no-store", True, "no-store, private"),
        ("", False, None),
        ("", True, "private"),
    ],
)
def test_an_answer_that_sets_a_cookie_is_private(cache, cookie, kept):
    assert answered(cache=cache, cookie=cookie) == kept


def test_so_is_a_public_document_that_renews_the_session_of_who_reads_it(client, calendars):
    client.force_login(member())
    feed = reverse("calendars:feed", args=["ris"])
    client.get(feed)
    with later(minutes=2):
        answer = client.get(feed)
    assert answer.cookies
    assert "public" not in answer["Cache-Control"]
    client.cookies.clear()
    assert "public" in client.get(feed)["Cache-Control"]
