"""What leaves compressed: pages, and nothing whose ETag must be strong."""

import gzip

import pytest

pytestmark = pytest.mark.usefixtures("calendars")
GZIP = {"accept-encoding": "gzip"}


def test_a_page_leaves_compressed_where_the_browser_asks_for_it(client):
    plain = client.get("/calendriers/")
    small = client.get("/calendriers/", headers=GZIP)
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert "Calendrier RIS" in gzip.decompress(small.content).decode()
    assert len(small.content) < len(plain.content) / 3


def test_what_is_no_page_keeps_its_strong_etag(client):
    answer = client.get("/calendriers/ris.ics", headers=GZIP)
    assert "Content-Encoding" not in answer
    assert answer["ETag"].startswith('"')


def test_a_browser_that_has_the_compressed_page_gets_304(client, settings):
    settings.PUBLIC_PAGES_SECONDS = 60
    first = client.get("/calendriers/", headers=GZIP)
    again = client.get("/calendriers/", headers={**GZIP, "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
