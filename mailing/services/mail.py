"""Tell somebody something by mail: written with the act that causes it, sent after its commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from mailing.models import OutgoingMail
from mailing.rules import MailKind, kind_of
from mailing.services.compose import compose
from mailing.services.ledger import Attachment, fill, write
from mailing.services.links import preferences_url, unsubscribe_url

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["Attachment", "complete", "post", "reserve"]


@transaction.atomic
def post(
    *,
    kind: MailKind,
    to: str,
    user: User | None,
    template: str,
    context: Mapping[str, Any],
    attachments: Sequence[Attachment] = (),
    sensitive: bool = False,
    dedupe_key: str | None = None,
    topic: str = "",
    now: dt.datetime,
) -> OutgoingMail:
    """Compose one mail of the triple `mail/<template>_*` and write it in the ledger.

    A `dedupe_key` already used returns the row that used it: the same news is told once. `topic` is
    what the preferences of the reader may distinguish within the kind. Templates
    get, besides `context`: `site_url`, `preferences_url`, and `unsubscribe_url`, which is empty for
    the kinds that cannot be switched off.
    """
    links = _links(kind=kind, user=user)
    return write(
        kind=kind,
        to=to,
        user=user,
        composed=compose(template, {**links, **context}),
        headers=_unsubscribe_headers(links["unsubscribe_url"]),
        attachments=attachments,
        sensitive=sensitive,
        dedupe_key=dedupe_key,
        topic=topic,
        now=now,
    )


def reserve(*, kind: MailKind, user: User, now: dt.datetime) -> OutgoingMail:
    """Write a mail that says at sending what is true then: `complete` composes it."""
    return write(
        kind=kind,
        to=user.email,
        user=user,
        composed=None,
        headers=_unsubscribe_headers(_links(kind=kind, user=user)["unsubscribe_url"]),
        sensitive=False,
        dedupe_key=None,
        now=now,
    )


def complete(
    mail: OutgoingMail,
    *,
    user: User,
    template: str,
    context: Mapping[str, Any],
    attachments: Sequence[Attachment],
) -> None:
    """Compose a reserved mail, whose sending comes next, to the present address of `user`.

    An attempt that the server put off is followed by another, hours later: it is composed from what
    is true at that time. The row holds what the last attempt sent.
    """
    links = _links(kind=kind_of(mail.kind), user=user)
    composed = compose(template, {**links, **context})
    fill(mail, to=user.email, composed=composed, attachments=attachments)


def _links(*, kind: MailKind, user: User | None) -> dict[str, str]:
    optional = user is not None and kind.is_optional
    return {
        "site_url": settings.SITE_URL,
        "preferences_url": preferences_url(),
        "unsubscribe_url": unsubscribe_url(user_id=user.pk, kind=kind) if user and optional else "",
    }


def _unsubscribe_headers(url: str) -> dict[str, str]:
    """RFC 8058: the mailbox itself offers to unsubscribe, in one click. Nothing without `url`."""
    if not url:
        return {}
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
