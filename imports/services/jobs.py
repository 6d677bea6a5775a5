"""A file between its check and its result.

1. `keep`: the checked file waits for its person.
2. `confirm`: a small one is recorded at once; a long one is queued, and its id handed to a worker.
3. `run`: claimed by conditional update with a lease, recorded in one transaction that also writes
   its result: a worker killed at any point leaves either all of it or nothing. The lease of a
   killed worker runs out and the file is run again, a bounded number of times; a worker that lost
   its lease cannot write the result, so its transaction is undone.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from imports.enums import ACTIVE, ImportState
from imports.models import Import
from imports.services.kinds import KINDS
from journal.enums import Origin
from journal.rules.by import By
from mailing.rules import RECEIPT_MAIL
from mailing.services.mail import tell
from segur.queue import RUN_IMPORT, enqueue

if TYPE_CHECKING:
    from accounts.models import Organisation, User

SMALL = 200
"""A file of as many lines at most is recorded while its person waits."""
WAITS = dt.timedelta(hours=1)
AGAIN = dt.timedelta(minutes=10)
"""A file confirmed once more within this time was confirmed by one press too many."""
LEASE = dt.timedelta(minutes=5)
MOST_ATTEMPTS = 3
MOST_WAITING = 3
"""Long files of one person that the worker has to record: those of others come after them."""
TOO_MANY = (
    f"{MOST_WAITING} de vos fichiers attendent encore d'être enregistrés : confirmez celui-ci "
    "quand l'un d'eux sera terminé."
)
GONE = "Ce fichier n'attend plus, ou un autre l'a remplacé : choisissez-le à nouveau."
CLOSED = "Votre compte est fermé : rien n'est enregistré."
INTERRUPTED = (
    f"L'enregistrement a été interrompu {MOST_ATTEMPTS} fois : rien n'est enregistré. Réessayez, "
    "puis prévenez l'équipe technique si cela se répète."
)


class TakenOver(Exception):  # noqa: N818  (not a fault: another worker has the file)
    """The lease ran out and another worker runs the file: what this one did is undone."""


@transaction.atomic
def keep(
    *,
    user: User,
    organisation: Organisation | None = None,
    kind: str,
    name: str,
    content: bytes,
    lines: int,
    options: Mapping[str, Any] | None = None,
    now: dt.datetime,
) -> Import:
    """The file waits for its person's word, in place of any other of its kind; those too old are
    forgotten."""
    waiting = Import.objects.filter(state=ImportState.CHECKED)
    waiting.filter(Q(checked_at__lte=now - WAITS) | Q(user=user, kind=kind)).delete()
    return Import.objects.create(
        user=user,
        organisation=organisation,
        kind=kind,
        name=name[-255:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        options=dict(options or {}),
        state=ImportState.CHECKED,
        lines=lines,
        checked_at=now,
    )


def waiting_of(user: User, kind: str, *, now: dt.datetime) -> Import | None:
    waiting = Import.objects.filter(user=user, kind=kind, state=ImportState.CHECKED)
    return waiting.filter(checked_at__gt=now - WAITS).first()


@transaction.atomic
def confirm(
    *,
    user: User,
    kind: str,
    sha256: str,
    options: Mapping[str, Any] | None = None,
    now: dt.datetime,
) -> tuple[Import, Any]:
    """Record the waiting file, or queue it when it is long. Returns it with what its kind returned.

    `sha256` is that of the content that the person saw: another file put there by another tab is
    not recorded in its place. A button pressed twice returns the file as it is by then. Raises
    ValidationError; nothing is recorded then, and the file waits still.
    """
    job = waiting_of(user, kind, now=now)
    if job is None or job.sha256 != sha256:
        return _confirmed(user, kind, sha256, now=now), None
    is_small = job.lines <= SMALL
    waiting = Import.objects.filter(user=user, state__in=ACTIVE)
    if not is_small and waiting.count() >= MOST_WAITING:
        raise ValidationError(TOO_MANY)
    state = ImportState.RUNNING if is_small else ImportState.QUEUED
    values: dict[str, Any] = {
        "state": state,
        "confirmed_at": now,
        "options": {**job.options, **(options or {})},
    }
    if is_small:
        values |= {"attempts": 1, "lease_until": timezone.now() + LEASE}
    if not Import.objects.filter(pk=job.pk, state=ImportState.CHECKED).update(**values):
        return _confirmed(user, kind, sha256, now=now), None
    job.refresh_from_db()
    if not is_small:
        enqueue(RUN_IMPORT, job.pk)
        return job, None
    result = _execute(job, now=now)
    job.refresh_from_db()
    return job, result


def _confirmed(user: User, kind: str, sha256: str, *, now: dt.datetime) -> Import:
    """What a first press has just confirmed. Raises ValidationError where it confirmed nothing."""
    same = Import.objects.filter(user=user, kind=kind, sha256=sha256, confirmed_at__gt=now - AGAIN)
    job = same.filter(state__in=(*ACTIVE, ImportState.DONE)).order_by("confirmed_at", "pk").last()
    if job is None:
        raise ValidationError(GONE)
    return job


def run(pk: int, *, now: dt.datetime) -> None:
    """Record a queued file, unless it is recorded, or somebody else is at it."""
    _run_one(Q(pk=pk), now=now)


def run_waiting(*, now: dt.datetime) -> int:
    """Record every queued file whose message was lost, and those whose worker was killed. Returns
    how many were dealt with."""
    count = 0
    while _run_one(Q(), now=now):
        count += 1
    return count


def _run_one(which: Q, *, now: dt.datetime) -> bool:
    job = _claim(which, now=now)
    if job is None:
        return False
    if job.attempts > MOST_ATTEMPTS:
        _close(job, ImportState.FAILED, [INTERRUPTED], now=now)
        return True
    try:
        with _uncollected():
            _execute(job, now=now)
    except ValidationError as refusal:
        _close(job, ImportState.REFUSED, refusal.messages, now=now)
    except TakenOver:
        return True
    return True


@contextmanager
def _uncollected() -> Iterator[None]:
    """The rows of a file go once nothing refers to them; to look for cycles among so many again and
    again is a fifth of a long run."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@transaction.atomic
def _claim(which: Q, *, now: dt.datetime) -> Import | None:
    due = Q(state=ImportState.QUEUED) | Q(state=ImportState.RUNNING, lease_until__lte=now)
    rows = Import.objects.filter(which & due).select_for_update(skip_locked=True, of=("self",))
    job = rows.order_by("confirmed_at", "pk").first()
    if job is None:
        return None
    # SQLite knows no row lock: there the condition alone decides who has it.
    claimed = Import.objects.filter(due, pk=job.pk).update(
        state=ImportState.RUNNING,
        lease_until=timezone.now() + LEASE,
        attempts=F("attempts") + 1,
        done=0,
    )
    if not claimed:
        return None
    job.refresh_from_db()
    return job


def _execute(job: Import, *, now: dt.datetime) -> Any:
    """Runs the kind of a claimed file. Raises ValidationError, TakenOver; nothing is recorded
    then."""
    if not job.user.is_active:
        raise ValidationError(CLOSED)
    by = By.person(job.user, now, organisation=job.organisation, origin=Origin.FILE)
    was_queued = job.lines > SMALL

    def progress(done: int) -> None:
        _update(job, done=done, lease_until=timezone.now() + LEASE)

    def settle(sentence: str, url: str) -> None:
        result = {"sentence": sentence, "url": url}
        finished = {
            "content": b"",
            "done": job.lines,
            "lease_until": None,
            "finished_at": timezone.now(),
        }
        if not _update(job, state=ImportState.DONE, result=result, **finished):
            raise TakenOver
        if was_queued:
            _tell(job, sentence, by=by)

    return KINDS[job.kind].run(job, by, progress, settle)


def _update(job: Import, **values: Any) -> int:
    """Only while this run still has the file: every claim adds an attempt."""
    ours = Import.objects.filter(pk=job.pk, state=ImportState.RUNNING, attempts=job.attempts)
    return ours.update(**values)


@transaction.atomic
def _close(job: Import, state: ImportState, errors: list[str], *, now: dt.datetime) -> None:
    """Nothing is recorded, and its author is notified of the reason."""
    if _update(job, state=state, errors=errors, content=b"", lease_until=None, finished_at=now):
        job.errors = errors
        _tell(job, errors[0], by=By.clock(now))


def _tell(job: Import, sentence: str, *, by: By) -> None:
    tell(
        [job.user],
        kind=RECEIPT_MAIL,
        template="import_done",
        context={"job": job, "sentence": sentence, "title": KINDS[job.kind].title},
        key=f"import:{job.pk}",
        by=by,
        stood_in=False,
    )
