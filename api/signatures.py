"""What a source signs (Standard Webhooks, HMAC SHA-256): its own secret, five minutes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
PREFIX = "whsec_"


def secret_of(source: str, key: str | bytes = "") -> str:
    """The secret of one source. Nothing of it is stored: it comes from the secret key of the site,
    so that a copy of the database signs nothing."""
    made = salted_hmac("api.signatures", source, secret=key or None, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(made).decode()


def is_signed(headers: Mapping[str, str]) -> bool:
    return any(name in headers for name in HEADERS)


def is_authentic(source: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Compared in constant time; a secret made with an earlier secret key of the site still counts.
    A signature older than five minutes, or as far ahead, is refused: a copy cannot be sent later.
    """
    sent = {name: headers.get(name, "") for name in HEADERS}
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(_verifies(secret_of(source, key), sent, body) for key in keys)


def _verifies(secret: str, sent: dict[str, str], body: bytes) -> bool:
    try:
        Webhook(secret).verify(body.decode(), sent, json_parse=False)
    except (WebhookVerificationError, ValueError):
        # ValueError: a body that is no text, a signature that is no base 64
        return False
    return True
