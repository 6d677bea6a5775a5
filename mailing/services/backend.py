"""Django's EMAIL_BACKEND: any mail of any library becomes rows of the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailAttachment
from django.utils import timezone

from mailing.rules import ACCOUNT_MAIL, kind_of
from mailing.services.compose import typeset
from mailing.services.mail import Attachment, Draft, write_all
from segur.operators import SENSITIVE_HEADER

# Read and stripped here. A sensitive mail opens an account: once sent, its text goes.
KIND_HEADER = "X-Segur-Kind"
PAGE_HEADER = "X-Segur-Page"
NOT_KEPT = {KIND_HEADER, PAGE_HEADER, SENSITIVE_HEADER, "Message-ID", "From", "To", "Cc"}


class LedgerBackend(BaseEmailBackend):
    """One ledger row per recipient, so that nobody sees the other recipients and each has its fate.

    `X-Segur-Kind` (a MailKind value, COMPTE by default), `X-Segur-Page` (the address on this site
    that its notification opens) and `X-Segur-Sensitive` («non» or «oui») are read and do not leave.
    Sensitive by default: what comes this way is mostly links that open an account.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        wanted = [address for message in email_messages for address in message.recipients()]
        users = {user.email.lower(): user for user in _users(wanted)}
        write_all(draft for message in email_messages for draft in _drafts(message, users))
        return sum(bool(message.recipients()) for message in email_messages)


def _drafts(message: EmailMessage, users: Mapping[str, Any]) -> Iterator[Draft]:
    """One for each recipient."""
    headers = {k: str(v) for k, v in message.extra_headers.items() if k not in NOT_KEPT}
    if message.reply_to:
        headers["Reply-To"] = ", ".join(str(address) for address in message.reply_to)
    made = typeset(subject=str(message.subject), text=str(message.body), html=_html(message))
    composed = replace(made, page=message.extra_headers.get(PAGE_HEADER, ""))
    for address in message.recipients():
        yield Draft(
            kind=kind_of(message.extra_headers.get(KIND_HEADER, ACCOUNT_MAIL)),
            to=address,
            user=users.get(address.lower()),
            composed=composed,
            headers=headers,
            attachments=[_attachment(item) for item in message.attachments],
            sensitive=message.extra_headers.get(SENSITIVE_HEADER, "oui") != "non",
            dedupe_key=None,
            now=timezone.now(),
        )


def _users(addresses: list[str]) -> list[Any]:
    wanted = {address.lower() for address in addresses}
    return list(get_user_model().objects.filter(email__in=wanted))


def _html(message: EmailMessage) -> str:
    for content, content_type in getattr(message, "alternatives", []):
        if content_type == "text/html":
            return str(content)
    return str(message.body) if message.content_subtype == "html" else ""


def _attachment(item: Any) -> Attachment:
    """Raises TypeError for a raw MIME part: nothing on the site makes one."""
    if not isinstance(item, EmailAttachment):
        raise TypeError(f"attach a name and a content, not {type(item).__name__}")
    content_type = item.mimetype or "application/octet-stream"
    if isinstance(item.content, bytes):
        return Attachment.from_bytes(item.filename or "piece", content_type, item.content)
    return Attachment(item.filename or "piece", content_type, str(item.content))
