"""What an app does with the mails of its kinds at sending: registered in its `registrations.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, TypeAlias

from mailing.enums import MailState
from mailing.models import OutgoingMail
from segur.lib.registry import Registry


class Verdict(Enum):
    READY = "send it"
    CANCELLED = "never send it"
    SHOWN = "show it on the site only"
    POSTPONED = "send it at the next opening"


class Freshness(NamedTuple):
    verdict: Verdict
    words: str = ""
    until: dt.datetime | None = None


Freshen: TypeAlias = Callable[[OutgoingMail, dt.datetime], Freshness]
Reopen: TypeAlias = Callable[[OutgoingMail], None]
Settle: TypeAlias = Callable[[OutgoingMail, MailState, str, dt.datetime], None]

_freshen: Registry[Freshen] = Registry()
_settle: Registry[Settle] = Registry()
_reopen: Registry[Reopen] = Registry()


def watch(settle: Settle, freshen: Freshen | None = None, reopen: Reopen | None = None) -> None:
    """`settle` learns that a mail has left, failed for good or come back; `freshen` is asked before
    each attempt, in the transaction of the claim, and may compose it; `reopen` learns that somebody
    sends it again.
    """
    _settle.add(settle)
    if freshen:
        _freshen.add(freshen)
    if reopen:
        _reopen.add(reopen)


def freshen(mail: OutgoingMail, *, now: dt.datetime) -> Freshness:
    """READY unless one of the watchers says otherwise."""
    for ask in _freshen:
        if (answer := ask(mail, now)).verdict is not Verdict.READY:
            return answer
    return Freshness(Verdict.READY)


def settle(mail: OutgoingMail, *, state: MailState, words: str, now: dt.datetime) -> None:
    for tell in _settle:
        tell(mail, state, words, now)


def reopen(mail: OutgoingMail) -> None:
    for tell in _reopen:
        tell(mail)
