"""Mails of the accounts: plain Django mail, that the site's EMAIL_BACKEND writes in its ledger."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from mailing.services.backend import KIND_HEADER
from mailing.services.compose import inlined, render
from segur.operators import SENSITIVE_HEADER


def send(
    *, prefix: str, body: str = "body", to: str, context: Mapping[str, Any], sensitive: bool
) -> None:
    """Render the triple `<prefix>_subject.txt`, `<prefix>_<body>.txt`, `<prefix>_<body>.html`."""
    values = {"site_url": settings.SITE_URL, "email": to, **context}
    message = EmailMultiAlternatives(
        subject=" ".join(render(f"{prefix}_subject.txt", values, escape=False).split()),
        body=render(f"{prefix}_{body}.txt", values, escape=False).strip() + "\n",
        to=[to],
        headers={KIND_HEADER: "COMPTE", SENSITIVE_HEADER: "oui" if sensitive else "non"},
    )
    html = render(f"{prefix}_{body}.html", values, escape=True)
    message.attach_alternative(inlined(html), "text/html")
    message.send()
