"""Mails: written in the ledger with the act that causes them, sent after its commit."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, ParamSpec

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from mailing.models import OutgoingMail
from mailing.rules import MailKind, kind_of
from mailing.selectors.archive import mail_of_key
from mailing.services.compose import Composed, compose
from mailing.services.links import (
    preferences_url,
    site_domain,
    thread_headers,
    unsubscribe_url,
)
from segur.lib.registry import Registry
from segur.queue import DELIVER_MAIL, enqueue

if TYPE_CHECKING:
    from accounts.models import User
    from journal.rules.by import By

P = ParamSpec("P")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; `is_base64` says that `content` is bytes in base64."""

    name: str
    content_type: str
    content: str
    is_base64: bool = False

    def stored(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "content_type": self.content_type,
            "content": self.content,
            "is_base64": self.is_base64,
        }

    @classmethod
    def from_bytes(cls, name: str, content_type: str, content: bytes) -> Attachment:
        return cls(name, content_type, base64.b64encode(content).decode("ascii"), is_base64=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail for one recipient, to be written. Without `composed` its row is empty until `fill` at
    sending."""

    kind: MailKind
    to: str
    user: User | None
    composed: Composed | None
    headers: dict[str, str]
    attachments: Sequence[Attachment] = ()
    sensitive: bool
    dedupe_key: str | None
    topic: str = ""
    now: dt.datetime

    def fields(self) -> dict[str, Any]:
        """The Message-ID is fixed here: however many attempts, it is one message."""
        return {
            "kind": self.kind,
            "topic": self.topic,
            "to_email": self.to,
            "user": self.user,
            **(_content(self.composed, self.attachments) if self.composed else {}),
            **({"page": ""} if self.sensitive else {}),  # its button opens the account
            "headers": self.headers,
            "is_sensitive": self.sensitive,
            "message_id": f"<{uuid.uuid4().hex}@{site_domain()}>",
            "next_attempt_at": self.now,
            "created_at": self.now,
        }


def write(draft: Draft) -> OutgoingMail:
    """One row, in the caller's transaction; its delivery is asked for after it. A `dedupe_key`
    already used returns the row that used it."""
    created = True
    if draft.dedupe_key is None:
        mail = OutgoingMail.objects.create(**draft.fields())
    else:
        if written := mail_of_key(draft.dedupe_key):
            return written
        mail, created = OutgoingMail.objects.get_or_create(
            dedupe_key=draft.dedupe_key, defaults=draft.fields()
        )
    if created:
        enqueue(DELIVER_MAIL, mail.pk)
    return mail


def write_all(drafts: Iterable[Draft]) -> None:
    """`write` of many, composed as they are asked for; their keys are new. The delivery of the
    first is followed by that of the others. Raises IntegrityError."""
    first = None
    rows = (OutgoingMail(dedupe_key=one.dedupe_key, **one.fields()) for one in drafts)
    while some := list(islice(rows, BATCH)):
        written = OutgoingMail.objects.bulk_create(some)
        first = first or written[0].pk
    if first:
        enqueue(DELIVER_MAIL, first)


def fill(
    mail: OutgoingMail, *, to: str, composed: Composed, attachments: Sequence[Attachment]
) -> None:
    """Store in a claimed row what this attempt sends, and to which address."""
    content = {"to_email": to, "headers": mail.headers, **_content(composed, attachments)}
    for name, value in content.items():
        setattr(mail, name, value)
    mail.save(update_fields=list(content))


def _content(composed: Composed, attachments: Sequence[Attachment]) -> dict[str, Any]:
    return {
        "subject": composed.subject,
        "body_text": composed.text,
        "body_html": composed.html,
        "page": composed.page,
        "attachments": [attachment.stored() for attachment in attachments],
    }


def draft(
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
    about: Model | None = None,
    now: dt.datetime,
) -> Draft:
    """Compose one mail of the triple `mail/<template>_*`.

    A `dedupe_key` is written once: the same news is mailed once. `topic` is what the preferences of
    the reader may distinguish within the kind; mails `about` the same object are one conversation.
    Templates get, besides `context`: `site_url`, `preferences_url`, and `unsubscribe_url`,
    which is empty for the kinds that cannot be switched off.
    """
    links = _links(kind=kind, user=user)
    return Draft(
        kind=kind,
        to=to,
        user=user,
        composed=compose(template, {**links, **context}),
        headers=_unsubscribe_headers(links["unsubscribe_url"]) | thread_headers(about),
        attachments=attachments,
        sensitive=sensitive,
        dedupe_key=dedupe_key,
        topic=topic,
        now=now,
    )


def _written(compose: Callable[P, Draft]) -> Callable[P, OutgoingMail]:
    @transaction.atomic
    def composed(*args: P.args, **kwargs: P.kwargs) -> OutgoingMail:
        return write(compose(*args, **kwargs))

    return composed


post = _written(draft)
"""Composes one mail, as `draft`, and writes it in the ledger."""


def reserve(*, kind: MailKind, user: User, now: dt.datetime) -> OutgoingMail:
    """Write a mail that says at sending what is true then: `complete` composes it."""
    return write(
        Draft(
            kind=kind,
            to=user.email,
            user=user,
            composed=None,
            headers=_unsubscribe_headers(_links(kind=kind, user=user)["unsubscribe_url"]),
            sensitive=False,
            dedupe_key=None,
            now=now,
        )
    )


def complete(
    mail: OutgoingMail,
    *,
    user: User,
    template: str,
    context: Mapping[str, Any],
    attachments: Sequence[Attachment],
    about: Model | None = None,
) -> None:
    """Compose a reserved mail, whose sending comes next, to the present address of `user`.

    An attempt that the server put off is followed by another, hours later: it is composed from what
    is true at that time. The row holds what the last attempt sent.
    """
    links = _links(kind=kind_of(mail.kind), user=user)
    mail.headers = _unsubscribe_headers(links["unsubscribe_url"]) | thread_headers(about)
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


_stand_ins: Registry[Callable[[list[User], dt.datetime], list[User]]] = Registry()
use_stand_ins = _stand_ins.add
"""Set by `registrations.py` of the app that knows who is away: of the people of a mail, at an
instant, those who stand in for some of them and read it too."""


def tell(
    people: Iterable[User],
    *,
    kind: MailKind,
    template: str,
    context: Mapping[str, Any],
    key: str,
    by: By,
    attachments: Sequence[Attachment] = (),
    topic: str = "",
    about: Model | None = None,
    stood_in: bool = True,
) -> list[OutgoingMail]:
    """Write one mail of `mail/<template>_*` to each person, with the act, sent after its commit,
    and shown on `/notifications/` at once.

    The same `key` writes to the same person once, whoever calls again. Who stands in for somebody
    away reads it too, but for what they may not open (`stood_in`). `context` is for all of them;
    what depends on the reader is for `post`. Mails `about` the same object are one conversation in
    a mailbox.
    """
    return [
        post(
            kind=kind,
            to=user.email,
            user=user,
            template=template,
            context=context,
            attachments=attachments,
            dedupe_key=f"{key}:{user.pk}",
            topic=topic,
            about=about,
            now=by.at,
        )
        for user in {user.pk: user for user in _readers(list(people), by.at, stood_in)}.values()
    ]


def _readers(people: list[User], at: dt.datetime, stood_in: bool) -> list[User]:
    finders = _stand_ins if stood_in else ()
    return [*people, *(user for find in finders for user in find(people, at))]
