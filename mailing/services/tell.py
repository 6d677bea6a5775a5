"""Telling people what an act did: one call, once for each person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mailing.services.mail import Attachment, post

if TYPE_CHECKING:
    from accounts.models import User
    from journal.rules.by import By
    from mailing.models import OutgoingMail
    from mailing.rules import MailKind


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
) -> list[OutgoingMail]:
    """Write one mail of `mail/<template>_*` to each person, with the act, sent after its commit,
    and shown on `/notifications/` at once.

    The same `key` writes to the same person once, whoever calls again. `context` is for all of
    them; what depends on the reader is for `mail.post`.
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
            now=by.at,
        )
        for user in people
    ]
