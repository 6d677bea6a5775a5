"""PDF: what it says of itself, and that it fetches nothing."""

import http.server
import io
import threading

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from calendar_app import pdf

PAGE = '<!doctype html><html lang="fr"><head><title>Essai</title></head><body>{}</body></html>'


@pytest.fixture
def page(settings, tmp_path):
    """A template that shows this HTML."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def write(body):
        (tmp_path / "essai.html").write_text(PAGE.format(body))
        return "essai.html"

    return write


def test_a_pdf_is_tagged_in_french_and_the_same_each_time(page):
    name = page("<h1>Relevé</h1><p>Été {{ when }}</p>")
    first = pdf.render(name, {"when": "2027"})
    assert first == pdf.render(name, {"when": "2027"})
    assert first != pdf.render(name, {"when": "2028"})
    catalogue = PdfFileReader(io.BytesIO(first)).root
    assert (catalogue["/MarkInfo"]["/Marked"], str(catalogue["/Lang"])) == (True, "fr")
    assert b"pdfuaid" in catalogue["/Metadata"].data


def test_its_spaces_are_held_as_on_a_page(page):
    name = page("<p>{{ words }}</p>")
    ordinary = pdf.render(name, {"words": "Reste : rien"})
    assert ordinary == pdf.render(name, {"words": "Reste\u00a0: rien"})
    assert ordinary != pdf.render(name, {"words": "Reste. rien"})


def test_nothing_is_fetched_whatever_the_page_asks(page, tmp_path):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args):
            """Silent."""

    secret = tmp_path / "secret.css"
    secret.write_text("body { color: red }")
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        where = f"http://127.0.0.1:{server.server_port}"
        content = pdf.render(
            page(
                f'<img src="{where}/a.png" alt=""><link rel="stylesheet" href="{secret.as_uri()}">'
                f"<style>@import url({where}/b.css); body {{ background: url({where}/c.png) }}"
                "</style>"
                f'<img src="{secret.as_uri()}" alt="">'
            ),
            {},
        )
        server.shutdown()
    assert content.startswith(b"%PDF")
    assert not asked
