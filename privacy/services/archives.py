"""The ZIP of an organisation: asked for, made by the worker, kept a week.

A run claims its row by conditional update with a lease that it renews while it writes; the lease of
a killed worker runs out, and the archive is made again, a bounded number of times. It is written to
a file block by block: the memory does not depend on its size.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from tempfile import NamedTemporaryFile

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organisation
from journal.rules.by import By
from journal.services.entries import write
from mailing.rules import RECEIPT_MAIL
from mailing.services.mail import tell
from privacy.enums import ArchiveState
from privacy.models import ARCHIVES, OrganisationArchive
from privacy.services.exports import (
    MANDATAIRES_ONLY,
    count_files,
    export_role,
    organisation_export,
)
from segur.queue import MAKE_ARCHIVE, enqueue

LEASE = dt.timedelta(minutes=5)
LASTS = dt.timedelta(days=7)
MOST_ATTEMPTS = 3
BLOCKS = 500
"""Blocks after which the lease is renewed, when no file ends meanwhile."""
READY = "L'archive est prête : téléchargez-la avant qu'elle ne soit effacée."
INTERRUPTED = (
    f"La préparation a été interrompue {MOST_ATTEMPTS} fois. Demandez l'archive à nouveau, puis "
    "prévenez l'équipe technique si cela se répète."
)
NO_RIGHT = (
    "Votre rôle n'est plus celui de la demande : l'archive n'est pas préparée. Demandez-la à "
    "nouveau si vous exportez encore les données de cette organisation."
)


class ArchiveTakenOver(Exception):  # noqa: N818  (not a fault: another worker has the row)
    """The lease ran out and another worker makes the archive."""


@transaction.atomic
def archive_ask(*, organisation: Organisation, by: By) -> OrganisationArchive:
    """Queued, and written in the journal of the organisation; the one that is already in
    preparation for this person where there is one. Raises PermissionDenied.
    """
    role = export_role(by.actor, organisation)
    if role is None:
        raise PermissionDenied(MANDATAIRES_ONLY)
    asked = {"organisation": organisation, "asked_by": by.actor}
    try:
        with transaction.atomic():
            row = OrganisationArchive.objects.create(
                **asked, made_as=role, asked_at=by.at, state=ArchiveState.QUEUED
            )
    except IntegrityError:
        return OrganisationArchive.objects.filter(**asked).latest("asked_at")
    what = "Données de l'organisation exportées"
    write(organisation, "organisation.export", by=by, what=what, organisation_id=organisation.pk)
    enqueue(MAKE_ARCHIVE, row.pk)
    return row


def make(pk: int) -> None:
    """Makes a queued archive, unless it is made, or somebody else is at it."""
    _make_one(Q(pk=pk))


def make_waiting() -> int:
    """Those whose message was lost, and those whose worker was killed. Returns how many."""
    count = 0
    while _make_one(Q()):
        count += 1
    return count


def _make_one(which: Q) -> bool:
    row = _claim(which)
    if row is None:
        return False
    try:
        if row.attempts > MOST_ATTEMPTS:
            _fail(row, INTERRUPTED)
        elif not _may_still(row):
            _fail(row, NO_RIGHT)
        else:
            _write(row)
    except ArchiveTakenOver:
        pass
    return True


def _may_still(row: OrganisationArchive) -> bool:
    """Whether its person still has the role of the request."""
    user = row.asked_by
    return user.is_active and export_role(user, row.organisation) == row.made_as


def _claim(which: Q) -> OrganisationArchive | None:
    now = timezone.now()
    due = Q(state=ArchiveState.QUEUED) | Q(state=ArchiveState.RUNNING, lease_until__lte=now)
    row = OrganisationArchive.objects.filter(which & due).order_by("asked_at", "pk").first()
    if row is None:
        return None
    claimed = OrganisationArchive.objects.filter(due, pk=row.pk, attempts=row.attempts).update(
        state=ArchiveState.RUNNING,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        done=0,
    )
    if not claimed:
        return None
    row.refresh_from_db()
    return row


def _update(row: OrganisationArchive, **values: object) -> None:
    """Only while this run has the row: every claim adds an attempt. Raises ArchiveTakenOver."""
    ours = OrganisationArchive.objects.filter(
        pk=row.pk, state=ArchiveState.RUNNING, attempts=row.attempts
    )
    if not ours.update(**values):
        raise ArchiveTakenOver


def _write(row: OrganisationArchive) -> None:
    user, now = row.asked_by, timezone.now()
    _update(row, files=count_files(row.organisation, user))

    def seen() -> None:
        _update(row, done=F("done") + 1, lease_until=timezone.now() + LEASE)

    blocks = organisation_export(organisation=row.organisation, user=user, at=now, seen=seen)
    with NamedTemporaryFile(suffix=".zip") as target:
        for block in _leased(row, blocks):
            target.write(block)
        size = target.tell()
        target.seek(0)
        row.file.save("archive.zip", File(target), save=False)
    try:
        _settle(row, size)
    except BaseException:
        row.file.delete(save=False)
        raise


def _leased(row: OrganisationArchive, blocks: Iterator[bytes]) -> Iterator[bytes]:
    for number, block in enumerate(blocks, 1):
        if number % BLOCKS == 0:
            _update(row, lease_until=timezone.now() + LEASE)
        yield block


@transaction.atomic
def _settle(row: OrganisationArchive, size: int) -> None:
    now = timezone.now()
    _update(
        row,
        state=ArchiveState.READY,
        file=row.file.name,
        size=size,
        lease_until=None,
        finished_at=now,
        expires_at=now + LASTS,
    )
    row.refresh_from_db()
    _tell(row, READY, now)


@transaction.atomic
def _fail(row: OrganisationArchive, sentence: str) -> None:
    now = timezone.now()
    _update(
        row,
        state=ArchiveState.FAILED,
        lease_until=None,
        finished_at=now,
        expires_at=now + LASTS,
    )
    row.refresh_from_db()
    _tell(row, sentence, now)


def _tell(row: OrganisationArchive, sentence: str, now: dt.datetime) -> None:
    tell(
        [row.asked_by],
        kind=RECEIPT_MAIL,
        template="archive_done",
        context={"archive": row, "sentence": sentence},
        key=f"archive:{row.pk}",
        by=By.clock(now),
    )


def forget_archives(now: dt.datetime, _before: dt.datetime) -> int:
    """Rows first: a file without row goes with the next run, once it is a week old."""
    count, _ = OrganisationArchive.objects.filter(expires_at__lte=now).delete()
    kept = set(OrganisationArchive.objects.exclude(file="").values_list("file", flat=True))
    try:
        _folders, names = default_storage.listdir(ARCHIVES)
    except FileNotFoundError:
        return count
    for name in (f"{ARCHIVES}/{one}" for one in names):
        if name not in kept and default_storage.get_modified_time(name) <= now - LASTS:
            default_storage.delete(name)
    return count
