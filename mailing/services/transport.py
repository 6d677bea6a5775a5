"""Hand one mail to the server, and say in words what became of it."""

import base64
import smtplib
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from mailing.models import OutgoingMail

SITE_REFUSED = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPSenderRefused,
)
"""The site is at fault, not the recipient: worth trying again once it is mended."""


class SendFate(Enum):
    SENT = "sent"
    REFUSED = "refused for good"
    LATER = "try again"


class Outcome(NamedTuple):
    fate: SendFate
    words: str = ""


def send(mail: OutgoingMail) -> Outcome:
    """Send through MAIL_TRANSPORT. Never inside a transaction: a server may take its time."""
    transport = settings.MAIL_TRANSPORT
    connection = get_connection(transport["backend"], **transport["options"])
    try:
        connection.send_messages([_message(mail)])
    except smtplib.SMTPRecipientsRefused as refusal:
        return _answer(*next(iter(refusal.recipients.values())))
    except SITE_REFUSED as e:
        return Outcome(SendFate.LATER, _words(e.smtp_code, e.smtp_error))
    except smtplib.SMTPResponseException as refusal:
        return _answer(refusal.smtp_code, refusal.smtp_error)
    except OSError as failure:  # connection refused, lost, too slow; every other SMTPException
        return Outcome(SendFate.LATER, f"Serveur de courriel injoignable : {failure}")
    except ValueError as error:  # an address or a header that no mail can carry
        return Outcome(SendFate.REFUSED, f"Courriel impossible à former : {error}")
    return Outcome(SendFate.SENT)


def _answer(code: int, answer: bytes | str) -> Outcome:
    """RFC 5321: 5yz is a refusal for good, 4yz asks to come back later."""
    fate = SendFate.REFUSED if str(code).startswith("5") else SendFate.LATER
    return Outcome(fate, _words(code, answer))


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"Réponse du serveur de courriel : {code} {text}".strip()


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body_text,
        to=[mail.to_email],
        headers={
            "Auto-Submitted": "auto-generated",
            **mail.headers,
            "Message-ID": mail.message_id,
        },
    )
    if mail.body_html:
        message.attach_alternative(mail.body_html, "text/html")
    for item in mail.attachments:
        content = base64.b64decode(item["content"]) if item["is_base64"] else item["content"]
        message.attach(item["name"], content, item["content_type"])
    return message
