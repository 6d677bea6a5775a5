"""PDF from a template: tagged for assistive technology (PDF/UA-1), the same bytes each time.

weasyprint needs Pango on the machine and takes long to load: it is imported at the first PDF, and a
machine without Pango can do everything else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from segur.lib import no_break

SHEET = "segur/pdf.css"
UNAVAILABLE = (
    "Ce serveur ne sait pas faire de PDF : la bibliothèque Pango n'y est pas installée. "
    "Prévenez l'équipe du site."
)


class PdfUnavailable(Exception):  # noqa: N818
    """Pango is not on this machine; the message is for people."""

    def __init__(self) -> None:
        super().__init__(UNAVAILABLE)


def render(template: str, context: dict[str, Any], *, sheets: Sequence[str] = ()) -> bytes:
    """The PDF of a whole HTML page, laid out by SHEET and then `sheets` (static files).

    The page has its `lang` and its `<title>`. Nothing is fetched: an address of an image or of a
    style in it is left out, whoever wrote it. Raises PdfUnavailable.
    """
    try:
        import weasyprint  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except OSError as error:
        raise PdfUnavailable from error
    html = no_break.in_html(render_to_string(template, context))
    nothing = URLFetcher(allowed_protocols=())
    document = weasyprint.HTML(string=html, url_fetcher=nothing)
    styles = [weasyprint.CSS(string=_sheet(name), url_fetcher=nothing) for name in (SHEET, *sheets)]
    content: bytes = document.write_pdf(
        stylesheets=styles,
        pdf_variant="pdf/ua-1",
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
    )
    return content


def _sheet(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(str(path)).read_text(encoding="utf-8")
