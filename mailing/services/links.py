"""Addresses that work from a mailbox: absolute, on the site's own domain."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

from mailing.rules import MailKind, kind_of

_SALT = "calendar_app.mail.unsubscribe"


def absolute(path: str) -> str:
    """`path` (with its leading slash) as a link that can be clicked in a mail."""
    return f"{settings.SITE_URL}{path}"


def site_domain() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def preferences_url() -> str:
    return absolute(reverse("reminders:preferences"))


def unsubscribe_url(*, user_id: int, kind: MailKind) -> str:
    """Names the person and the kind of mail; signed, and good for ever (RFC 8058)."""
    token = signing.dumps([user_id, str(kind)], salt=_SALT)
    return absolute(reverse("reminders:unsubscribe", args=[token]))


def read_unsubscribe_token(token: str) -> tuple[int, MailKind]:
    """What `unsubscribe_url` has signed. Raises BadSignature."""
    user_id, kind = signing.loads(token, salt=_SALT)
    return int(user_id), kind_of(kind)
