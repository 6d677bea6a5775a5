"""Django's SMTP backend with a time-out for each phase, and one connection for several mails.

RFC 5321 §4.5.3.2 asks a sender to wait for minutes, most of all after the final dot, when the
server has everything and may be slow to say so: a sender that gives up there sends again what was
accepted. All commands before the content are bounded together by `until`, so that an attempt that
has handed nothing over ends before its lease does (`mailing.services.delivery`).
"""

import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

CONNECT_SECONDS = 30.0  # of TCP and TLS; the RFC starts counting at the greeting
COMMAND_SECONDS = 300.0  # greeting, EHLO, STARTTLS, AUTH, MAIL, RCPT, RSET
DATA_SECONDS = 120.0  # from DATA to 354
BLOCK_SECONDS = 180.0  # for the content
DOT_SECONDS = 600.0  # from the final dot to its reply
QUIT_SECONDS = 5.0  # nothing depends on its reply
OK = 250


class UnknownFateError(smtplib.SMTPException):
    """The content was sent to its end, and no reply that can be read came: accepted, or not."""


class PatientSMTP(smtplib.SMTP):
    """Sets the time-out of its socket at each phase."""

    def __init__(self, *arguments: Any, backend: "SmtpBackend", **options: Any) -> None:
        self._backend = backend
        self._patience = COMMAND_SECONDS
        self._awaits_fate = False
        super().__init__(*arguments, **options)  # reads the greeting

    def putcmd(self, cmd: str, args: str = "") -> None:
        self._patience = {"data": DATA_SECONDS, "quit": QUIT_SECONDS}.get(cmd, COMMAND_SECONDS)
        super().putcmd(cmd, args)

    def send(self, s: Any) -> None:
        """`smtplib` sends its commands as text, and the content of a mail as bytes."""
        if isinstance(s, bytes):
            self._backend.hand_over()
            self._wait_at_most(BLOCK_SECONDS)
            super().send(s)
            self._awaits_fate = True
        else:
            super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self._awaits_fate:
            return self._fate()
        left = max(self._backend.until - time.monotonic(), 0.001)
        self._wait_at_most(min(self._patience, left))
        return super().getreply()

    def _wait_at_most(self, seconds: float) -> None:
        if self.sock is not None:  # closed: smtplib says so itself
            self.sock.settimeout(seconds)

    def _fate(self) -> tuple[int, bytes]:
        self._awaits_fate = False
        self._wait_at_most(DOT_SECONDS)
        try:
            code, words = super().getreply()
        except smtplib.SMTPException as lost:
            raise UnknownFateError(str(lost)) from lost
        if code < 0:
            raise UnknownFateError(f"reply that is no SMTP: {words!r}")
        return code, words


class PatientSMTPS(PatientSMTP, smtplib.SMTP_SSL):
    pass


def _answers(link: smtplib.SMTP) -> bool:
    with suppress(smtplib.SMTPException):
        return link.rset()[0] == OK
    return False


class SmtpBackend(EmailBackend):
    """`until` and `hand_over` belong to the attempt that comes next."""

    _partial_connection: smtplib.SMTP | None
    until = float("inf")
    """On the monotonic clock: no command waits for its reply after this."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"timeout": CONNECT_SECONDS, **options})
        self.hand_over: Callable[[], None] = lambda: None
        """Called once 354 has come, before the content is sent. What it raises ends the attempt
        with nothing handed over."""

    @property
    def connection_class(self) -> Any:
        return partial(PatientSMTPS if self.use_ssl else PatientSMTP, backend=self)

    def open(self) -> bool | None:
        """Kept for the next mail until `close`. A server closes a connection that has waited too
        long: one that does not answer is replaced."""
        if self.connection is not None and not _answers(self.connection):
            self.drop()
        super().open()
        return False  # not opened for one mail: Django would close it after

    def drop(self) -> None:
        """Close without a word: a server forgets a mail whose content has not ended."""
        for link in (self.connection, self._partial_connection):
            if link is not None:
                link.close()
        self.connection = self._partial_connection = None

    def close(self) -> None:
        """The fate of the mails is known: whatever the server says to QUIT changes nothing."""
        if self.connection is not None:
            with suppress(smtplib.SMTPException, ssl.SSLError):
                self.connection.quit()
        self.drop()
