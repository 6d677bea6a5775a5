"""Mails of the accounts: plain Django mail, that the site's EMAIL_BACKEND writes in its ledger."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

from mailing.services.backend import KIND_HEADER, PAGE_HEADER
from mailing.services.compose import inlined, render
from mailing.services.mail import BATCH
from segur.operators import SENSITIVE_HEADER


def send(
    *, prefix: str, body: str = "body", to: str, context: Mapping[str, Any], sensitive: bool
) -> None:
    """Render the triple `<prefix>_subject.txt`, `<prefix>_<body>.txt`, `<prefix>_<body>.html`."""
    message(prefix=prefix, body=body, to=to, context=context, sensitive=sensitive).send()


def send_all(messages: Iterable[EmailMultiAlternatives]) -> None:
    """Rendered as they are asked for: a batch at a time is in memory."""
    connection, waiting = get_connection(), iter(messages)
    while some := list(islice(waiting, BATCH)):
        connection.send_messages(some)


def message(
    *, prefix: str, body: str = "body", to: str, context: Mapping[str, Any], sensitive: bool
) -> EmailMultiAlternatives:
    values = {"site_url": settings.SITE_URL, "email": to, **context}
    made = EmailMultiAlternatives(
        subject=" ".join(render(f"{prefix}_subject.txt", values, escape=False).split()),
        body=render(f"{prefix}_{body}.txt", values, escape=False).strip() + "\n",
        to=[to],
        headers={
            KIND_HEADER: "COMPTE",
            PAGE_HEADER: reverse("accounts:security_log"),
            SENSITIVE_HEADER: "oui" if sensitive else "non",
        },
    )
    html = render(f"{prefix}_{body}.html", values, escape=True)
    made.attach_alternative(inlined(html), "text/html")
    return made
