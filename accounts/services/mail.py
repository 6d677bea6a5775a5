"""Mails of the accounts: plain Django mail, that the site's EMAIL_BACKEND writes in its ledger."""

from collections.abc import Mapping
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.engine import Engine

from mailing.services.backend import KIND_HEADER, SENSITIVE_HEADER


def send(
    *, prefix: str, body: str = "body", to: str, context: Mapping[str, Any], sensitive: bool
) -> None:
    """Render the triple `<prefix>_subject.txt`, `<prefix>_<body>.txt`, `<prefix>_<body>.html`."""
    values = {"site_url": settings.SITE_URL, "email": to, **context}
    message = EmailMultiAlternatives(
        subject=" ".join(_render(f"{prefix}_subject.txt", values, escape=False).split()),
        body=_render(f"{prefix}_{body}.txt", values, escape=False).strip() + "\n",
        to=[to],
        headers={KIND_HEADER: "COMPTE", SENSITIVE_HEADER: "oui" if sensitive else "non"},
    )
    html = _render(f"{prefix}_{body}.html", values, escape=True)
    message.attach_alternative(
        # The media queries stay in their <style>: they carry the dark colours.
        css_inline.inline(html, keep_at_rules=True, load_remote_stylesheets=False),
        "text/html",
    )
    message.send()


def _render(name: str, values: Mapping[str, Any], *, escape: bool) -> str:
    template = Engine.get_default().get_template(name)
    return template.render(Context(dict(values), autoescape=escape))
