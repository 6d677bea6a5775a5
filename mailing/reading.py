"""Reports that a mail was not delivered (RFC 3464), as other servers send them back."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import MIMEPart
from typing import Any, NamedTuple

FAILED = "failed"
WORDS_KEPT = 300


class Bounce(NamedTuple):
    message_id: str
    words: str


def bounce_of(report: bytes) -> Bounce | None:
    """What this message reports as failed for good; None for any other message: a delay, an
    absence, an answer of a person.
    """
    message = message_from_bytes(report, policy=policy.default)
    if message.get_content_type() != "multipart/report":
        return None
    message_id, words = "", ""
    for part in message.iter_parts():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            words = words or _failure(part)
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            message_id = _message_id(part)
    return Bounce(message_id, words) if message_id and words else None


def _failure(part: MIMEPart) -> str:
    """The first recipient whose delivery failed: each mail of the site has one."""
    groups: Any = part.get_payload()
    if not isinstance(groups, list):
        return ""
    for fields in groups:
        if str(fields["Action"] or "").strip().lower() == FAILED:
            answer = str(fields["Diagnostic-Code"] or "").partition(";")[2] or fields["Status"]
            return " ".join(str(answer or "sans motif").split())[:WORDS_KEPT]
    return ""


def _message_id(part: MIMEPart) -> str:
    content: Any = part.get_payload(0) if part.is_multipart() else part.get_payload(decode=True)
    original = message_from_bytes(content) if isinstance(content, bytes) else content
    return str(original["Message-ID"] or "").strip()
