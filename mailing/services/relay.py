"""What the mail server makes of a mail, over one connection for several."""

import base64
import re
import smtplib
import time
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from mailing.models import OutgoingMail
from mailing.services.smtp import SmtpBackend, UnknownFateError

SITE_REFUSED = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPSenderRefused,
)
"""The site is at fault, not the recipient: worth trying again once it is corrected."""

POLICY = re.compile(r": 5\d\d 5\.7\.\d")
"""RFC 3463, X.7: security or policy. A relay that does not know the site says so of everybody."""

REPLIES = (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException)
"""The server has answered: its connection is good for the next mail."""

MAILS_PER_CONNECTION = 50
PERHAPS = (
    "Peut-être reçu : le serveur de courriel a eu tout le message, mais la connexion a été perdue "
    "avant sa réponse."
)


class SendFate(Enum):
    SENT = "sent"
    REFUSED = "refused for good"
    LATER = "try again"
    SITE = "the site is refused, not the recipient"
    UNKNOWN = "sent or not"


class Outcome(NamedTuple):
    fate: SendFate
    words: str = ""


class Relay:
    """The connection of MAIL_TRANSPORT: opened by the first mail, closed at the end of the block.

    Never used inside a transaction: a server may take its time.
    """

    def __init__(self) -> None:
        self._backend: Any = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._backend is not None:
            self._backend.close()
        self._backend = None

    def send(self, mail: OutgoingMail, *, seconds: float, hand_over: Callable[[], None]) -> Outcome:
        """`seconds` bounds all that precedes the content. `hand_over` is called just before the
        content leaves, the last moment at which the attempt can be given up; what it raises is
        raised here, with nothing sent.
        """
        try:
            self._connect(seconds, hand_over).send_messages([_message(mail)])
        except UnknownFateError:
            return Outcome(SendFate.UNKNOWN, PERHAPS)
        except (OSError, ValueError) as failure:  # every exception of smtplib is an OSError
            if not isinstance(failure, REPLIES):
                self._drop()
            return _failure(failure)
        except BaseException:
            self._drop()
            raise
        return Outcome(SendFate.SENT)

    def _connect(self, seconds: float, hand_over: Callable[[], None]) -> Any:
        transport = settings.MAIL_TRANSPORT
        if self._count == MAILS_PER_CONNECTION:
            self.__exit__()
        if self._backend is None:
            self._count = 0
            backend = get_connection(transport["backend"], **transport["options"])
            if not isinstance(backend, SmtpBackend):  # a file or a list: nothing to keep open
                hand_over()
                return backend
            self._backend = backend
        self._count += 1
        self._backend.until = time.monotonic() + seconds
        self._backend.hand_over = hand_over
        return self._backend

    def _drop(self) -> None:
        if self._backend is not None:
            self._backend.drop()


def _failure(failure: OSError | ValueError) -> Outcome:
    match failure:
        case smtplib.SMTPRecipientsRefused():
            return _answer(*next(iter(failure.recipients.values())))
        case smtplib.SMTPSenderRefused(smtp_code=552):  # the size, announced with the sender
            return _answer(failure.smtp_code, failure.smtp_error)
        case smtplib.SMTPResponseException() if isinstance(failure, SITE_REFUSED):
            return Outcome(SendFate.SITE, _words(failure.smtp_code, failure.smtp_error))
        case smtplib.SMTPResponseException():
            return _answer(failure.smtp_code, failure.smtp_error)
        case ValueError():  # an address or a header that no mail can carry
            return Outcome(SendFate.REFUSED, f"Courriel impossible à former : {failure}")
    return Outcome(SendFate.SITE, f"Serveur de courriel injoignable : {failure}")


def _answer(code: int, answer: bytes | str) -> Outcome:
    """RFC 5321: 2yz accepts, 5yz refuses for good, 4yz asks to come back later."""
    fate = {"2": SendFate.SENT, "5": SendFate.REFUSED}.get(str(code)[:1], SendFate.LATER)
    words = "" if fate is SendFate.SENT else _words(code, answer)
    return Outcome(SendFate.SITE if POLICY.search(words) else fate, words)


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"Réponse du serveur de courriel : {code} {text}".strip()


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body_text,
        from_email=settings.MAIL_RETURN_PATH,
        to=[mail.to_email],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
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
