"""Addresses on the site's own domain: links that work from a mailbox, names of conversations."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db.models import Model
from django.urls import reverse

from mailing.rules import MailKind, kind_of

_SALT = "calendar_app.mail.unsubscribe"


def absolute(path: str) -> str:
    """`path` (with its leading slash) as a link that can be clicked in a mail."""
    return f"{settings.SITE_URL}{path}"


def site_domain() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def thread_headers(about: Model | None) -> dict[str, str]:
    """Each mail answers a first message that never was: its Message-ID is that of the object, the
    same for everybody and for ever. Nothing without an object.
    """
    if about is None:
        return {}
    root = f"<{type(about).__name__.lower()}-{about.pk}@{site_domain()}>"
    return {"In-Reply-To": root, "References": root}


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
