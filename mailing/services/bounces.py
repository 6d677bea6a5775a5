"""Mails that come back, read from the mailbox of BOUNCES_URL: a Maildir, or a folder of an IMAP
server. What was read is marked as seen there, and stays.
"""

from __future__ import annotations

import datetime as dt
import imaplib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction

from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.reading import Bounce, bounce_of
from mailing.services import kinds

log = logging.getLogger(__name__)

MOST = 200
"""Messages of one run: the next takes the others."""
SECONDS = 60.0
IMAP_PORT, IMAPS_PORT = 143, 993
WORDS = "Revenu du serveur du destinataire : {}"


class Box(Protocol):
    def unseen(self) -> Iterator[tuple[str, bytes]]:
        """Key and content of each message that was not read yet."""

    def see(self, key: str) -> None: ...


def read(*, now: dt.datetime) -> int:
    """Returns how many mails came back."""
    if not settings.BOUNCES_URL:
        return 0
    count = 0
    with _open(settings.BOUNCES_URL) as box:
        for key, content in box.unseen():
            bounce = bounce_of(content)
            if bounce is not None:
                count += _apply(bounce, now=now)
            box.see(key)
    return count


@transaction.atomic
def _apply(bounce: Bounce, *, now: dt.datetime) -> bool:
    """Whether it is of a mail of the ledger that was thought to have arrived."""
    sent = OutgoingMail.objects.filter(state__in=[MailState.SENT, MailState.UNKNOWN])
    mail = sent.select_for_update().filter(message_id=bounce.message_id).first()
    if mail is None:
        return False
    mail.state, mail.bounced_at, mail.error = MailState.BOUNCED, now, WORDS.format(bounce.words)
    mail.save(update_fields=["state", "bounced_at", "error"])
    kinds.settle(mail, state=MailState.BOUNCED, words=mail.error, now=now)
    log.warning("mail %s came back", mail.pk)
    return True


@contextmanager
def _open(url: str) -> Iterator[Box]:
    """`maildir:///folder`, `imap://user:password@host:port/folder`, the same with `imaps`."""
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        yield MaildirBox(Path(unquote(parts.path)))
        return
    if parts.scheme == "imaps":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            parts.hostname or "", parts.port or IMAPS_PORT, timeout=SECONDS
        )
    else:
        server = imaplib.IMAP4(parts.hostname or "", parts.port or IMAP_PORT, timeout=SECONDS)
    with server:  # logs out
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        yield ImapBox(server, unquote(parts.path.lstrip("/")) or "INBOX")


class MaildirBox:
    """What has arrived stands in `new`; what was read goes to `cur`, flagged as seen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def unseen(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted((self._folder / "new").iterdir())[:MOST]:
            yield path.name, path.read_bytes()

    def see(self, key: str) -> None:
        (self._folder / "new" / key).rename(self._folder / "cur" / f"{key}:2,S")


class ImapBox:
    def __init__(self, server: imaplib.IMAP4, folder: str) -> None:
        self._server = server
        self._check(server.select(f'"{folder}"'))

    def unseen(self) -> Iterator[tuple[str, bytes]]:
        found = self._check(self._server.uid("SEARCH", "UNSEEN"))
        for key in (found[0] or b"").split()[:MOST]:
            parts = self._check(self._server.uid("FETCH", key.decode(), "(BODY.PEEK[])"))
            contents = [part[1] for part in parts if isinstance(part, tuple)]
            yield key.decode(), contents[0] if contents else b""

    def see(self, key: str) -> None:
        self._check(self._server.uid("STORE", key, "+FLAGS", r"(\Seen)"))

    def _check(self, answer: tuple[str, list[Any]]) -> list[Any]:
        """imaplib raises for BAD, and returns NO."""
        state, data = answer
        if state != "OK":
            raise imaplib.IMAP4.error(f"refused: {data!r}")
        return data
