"""Keep when things happened, from the signals of Celery and the ledger of mails."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from mailing.enums import MailState
from mailing.models import OutgoingMail
from operations.enums import BEAT, WATCHED_TASKS, WORKER
from operations.models import Failure, Pulse

log = logging.getLogger(__name__)
ASKED_AT = "segur_asked_at"
"""Header of a message: when its task was asked for."""
FAILURES_KEPT = dt.timedelta(days=1)
DEAD_SHOWN = dt.timedelta(hours=1)
"""For as long, a worker that was killed is a defect; then whoever replaced it is enough."""
PING_SECONDS = 1.0


def stamp(headers: dict[str, Any] | None = None, **_signal: Any) -> None:
    if headers is not None:
        headers.setdefault(ASKED_AT, timezone.now().isoformat())


def note_success(sender: Any = None, **_signal: Any) -> None:
    if sender.name in WATCHED_TASKS:
        _beat_of(sender.name, timezone.now())


def note_failure(
    sender: Any = None, exception: BaseException | None = None, **_signal: Any
) -> None:
    """Of a task. Not in the main process of a worker, which learns of a killed task and must hold
    no connection to the database: its processes would share it.
    """
    error = type(exception).__name__
    log.error("task failed: %s (%s)", sender.name, error)
    if current_app.current_task is not None:
        _keep_failure(sender.name, error)


def note_mail(mail: OutgoingMail, state: MailState, _words: str, now: dt.datetime) -> None:
    if state in (MailState.FAILED, MailState.UNKNOWN):
        log.error("mail %s ended as %s (kind %s)", mail.pk, state, mail.kind)
        Failure.objects.create(what=f"mail {mail.kind}", error="", at=now)


def note_round(request: Any, *, now: dt.datetime) -> None:
    """What the periodic task of the watch proves: beat asked for it, workers answer. On a new site
    what has never happened is waited for since the first round.
    """
    for name in WATCHED_TASKS:
        Pulse.objects.get_or_create(name=name, defaults={"at": now})
    if asked_at := request.get(ASKED_AT):
        _beat_of(BEAT, min(now, dt.datetime.fromisoformat(asked_at)))
    for name in {request.get("hostname"), *_answering()} - {None}:
        _beat_of(f"{WORKER}{name}", now)
    Failure.objects.filter(at__lt=now - FAILURES_KEPT).delete()
    Pulse.objects.filter(name__startswith=WORKER, at__lt=now - DEAD_SHOWN).delete()


def forget_worker(sender: Any = None, **_signal: Any) -> None:
    """A worker that was asked to stop is not a dead one."""
    try:
        Pulse.objects.filter(name=f"{WORKER}{sender.hostname}").delete()
    except DatabaseError:
        log.warning("the stop of %s could not be recorded", sender.hostname)


def _answering() -> set[str]:
    """The workers that answer; the embedded site has one, without remote control."""
    if not settings.CELERY_WORKER_ENABLE_REMOTE_CONTROL:
        return set()
    answers = current_app.control.ping(timeout=PING_SECONDS) or []
    return {name for answer in answers for name in answer}


def _beat_of(name: str, at: dt.datetime) -> None:
    Pulse.objects.update_or_create(name=name, defaults={"at": at})


def _keep_failure(what: str, error: str) -> None:
    """When it failed because the database is away, the line of the log is all there is."""
    try:
        Failure.objects.create(what=what[:200], error=error[:100], at=timezone.now())
    except DatabaseError:
        log.warning("the failure of %s could not be recorded", what)
