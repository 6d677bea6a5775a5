"""Turn a triple of templates into a mail: subject, text, HTML with its style inlined.

A mail is composed once. What states a fact (a receipt, a decision, an invitation) is composed with
the act that it reports; a reminder is composed at sending, from what is still to do then.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context
from django.template.engine import Engine

from segur.lib import no_break

SUBJECT_LENGTH = 300
BUTTON = re.compile(r'<a class="button" href="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Composed:
    """Made by `typeset` alone: what is stored, and leaves byte for byte. `page` is the address on
    this site that its button opens.
    """

    subject: str
    text: str
    html: str
    page: str = ""


def compose(template: str, context: Mapping[str, Any]) -> Composed:
    """Render `mail/<template>_subject.txt`, `_body.txt` and `_body.html`.

    Only the HTML is escaped.
    """
    html = render(f"mail/{template}_body.html", context, escape=True)
    made = typeset(
        subject=render(f"mail/{template}_subject.txt", context, escape=False),
        text=_tidy(render(f"mail/{template}_body.txt", context, escape=False)),
        html=inlined(html),
    )
    return replace(made, page=_page(html))


def inlined(html: str) -> str:
    """With its style on each element; the media queries stay in their <style>: they carry the dark
    colours."""
    return css_inline.inline(html, keep_at_rules=True, load_remote_stylesheets=False)


def _page(html: str) -> str:
    """The address on this site that the button opens, without its host; "" without any."""
    button = BUTTON.search(html)
    link = unescape(button[1]) if button else ""
    return link.removeprefix(settings.SITE_URL) if link.startswith(f"{settings.SITE_URL}/") else ""


def typeset(*, subject: str, text: str, html: str) -> Composed:
    """The last touch to any mail, whoever wrote it: the subject on one line, of SUBJECT_LENGTH at
    most and with ordinary spaces (it is a header); no-break spaces in both bodies.
    """
    return Composed(
        subject=" ".join(subject.split())[:SUBJECT_LENGTH],
        text=no_break.in_text(text),
        html=no_break.in_html(html),
    )


def render(name: str, context: Mapping[str, Any], *, escape: bool) -> str:
    template = Engine.get_default().get_template(name)
    return template.render(Context(dict(context), autoescape=escape))


def _tidy(text: str) -> str:
    """Template tags leave blank lines behind: never more than one in a row."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept) + "\n"
