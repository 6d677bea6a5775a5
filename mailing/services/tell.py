"""Telling people what an act did: one call, once for each person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mailing.services.mail import Attachment, post

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User
    from journal.rules.by import By
    from mailing.models import OutgoingMail
    from mailing.rules import MailKind


_stand_ins: list[Callable[[list[User], dt.datetime], list[User]]] = []


def use_stand_ins(find: Callable[[list[User], dt.datetime], list[User]]) -> None:
    """From the `ready()` of the app that knows who is away: of the people of a mail, at an instant,
    those who stand in for some of them and read it too.
    """
    if find not in _stand_ins:
        _stand_ins.append(find)


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
) -> list[OutgoingMail]:
    """Write one mail of `mail/<template>_*` to each person, with the act, sent after its commit,
    and shown on `/notifications/` at once.

    The same `key` writes to the same person once, whoever calls again. Who stands in for somebody
    away reads it too. `context` is for all of them; what depends on the reader is for `mail.post`.
    Mails `about` the same object are one conversation in a mailbox.
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
        for user in {user.pk: user for user in _with_stand_ins(list(people), by.at)}.values()
    ]


def _with_stand_ins(people: list[User], at: dt.datetime) -> list[User]:
    return [*people, *(user for find in _stand_ins for user in find(people, at))]
