"""Write a mail in the ledger. Every mail of the site goes through `write`, and leaves later."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mailing.models import OutgoingMail
from mailing.rules import MailKind
from mailing.services.compose import Composed
from mailing.services.links import site_domain
from segur.queue import DELIVER_MAIL, enqueue

if TYPE_CHECKING:
    from accounts.models import User


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


def write(
    *,
    kind: MailKind,
    to: str,
    user: User | None,
    composed: Composed | None,
    headers: dict[str, str],
    attachments: Sequence[Attachment] = (),
    sensitive: bool,
    dedupe_key: str | None,
    topic: str = "",
    now: dt.datetime,
) -> OutgoingMail:
    """One row for one recipient, in the caller's transaction; its delivery is asked for after it.

    The Message-ID is fixed here: however many attempts, it is one message. Without `composed` the
    row is empty until `fill` at sending.
    """
    fields = {
        "kind": kind,
        "topic": topic,
        "to_email": to,
        "user": user,
        **(_content(composed, attachments) if composed else {}),
        **({"page": ""} if sensitive else {}),  # its button opens the account
        "headers": headers,
        "is_sensitive": sensitive,
        "message_id": f"<{uuid.uuid4().hex}@{site_domain()}>",
        "next_attempt_at": now,
        "created_at": now,
    }
    created = True
    if dedupe_key is None:
        mail = OutgoingMail.objects.create(**fields)
    else:
        mail, created = OutgoingMail.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)
    if created:
        enqueue(DELIVER_MAIL, mail.pk)
    return mail


def fill(
    mail: OutgoingMail, *, to: str, composed: Composed, attachments: Sequence[Attachment]
) -> None:
    """Store in a claimed row what this attempt sends, and to which address."""
    content = {"to_email": to, **_content(composed, attachments)}
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
