"""The official calendars are amended by versions only, and gain milestones from the site."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.permissions import is_responsable
from calendar_app.models import Deadline, Milestone, MilestoneVersion
from calendar_app.rules.amendment import Dates, refusals
from calendar_app.services import reminders
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import write
from segur.lib import due, paris
from segur.queue import TELL_AMENDMENT, enqueue

MUST_BE_RESPONSABLE = "Seul un responsable de l'ANS modifie un calendrier."
STALE = "Quelqu'un d'autre vient de modifier ce jalon : relisez sa date avant de la changer encore."


@transaction.atomic
def milestone_amend(
    *,
    milestone: Milestone,
    due_at: dt.datetime,
    reason: str,
    source: str,
    by: By,
    nature: str,
) -> MilestoneVersion:
    """Give a milestone its next version, and make everything that rests on its date follow.

    A regulatory date takes the place of the one before and of any estimate. An estimated one stands
    beside the regulatory date, which stays: deadlines and reminders do not move.

    Where the date moves, its deadlines take it whatever their state, which does not change: what a
    filing was measured by stays in the filing. Reminders are planned again (those of the version
    before are superseded). After the commit those concerned are notified once: see `calendar_news`.

    `milestone.version` is the one that the actor has read. The row is locked before it is compared:
    of two concurrent amendments one succeeds, the other raises ValidationError; the unique
    constraint on the version number holds even against a writer that would forget the lock.
    """
    if not is_responsable(by.actor):
        raise PermissionDenied(MUST_BE_RESPONSABLE)
    row = lock_row(milestone)
    if row.version != milestone.version:
        raise ValidationError(STALE, code="stale")
    before = Dates(row.due_at, row.estimated_at)
    problems = refusals(before, due_at=due_at, nature=nature, now=by.at)
    if not reason.strip():
        problems["reason"] = "Indiquez le motif de la modification."
    if not source.strip():
        problems["source"] = "Indiquez le texte qui donne cette date."
    if problems:
        raise ValidationError(problems)
    after = before.amended(due_at, nature)
    version = MilestoneVersion.objects.create(
        milestone=row,
        number=row.version + 1,
        due_at=after.due_at,
        estimated_at=after.estimated_at,
        source=source.strip(),
        reason=reason.strip(),
        author=by.actor,
        author_name=by.name,
        created_at=by.at,
    )
    row.due_at, row.estimated_at, row.version = after.due_at, after.estimated_at, version.number
    if after.due_at != before.due_at:
        row.date_version = version.number
    row.save(update_fields=["due_at", "estimated_at", "version", "date_version"])
    _follow(row, version, before=before, by=by)
    enqueue(TELL_AMENDMENT, version.pk)
    return version


def _follow(milestone: Milestone, version: MilestoneVersion, *, before: Dates, by: By) -> None:
    """Bring the milestone's deadlines to its date: one entry of the journal lists them."""
    concerned = Deadline.objects.filter(milestone=milestone)
    moved = version.due_at != before.due_at
    if moved:
        concerned.update(due_at=version.due_at, version=version.number, changed_at=by.at)
        what = f"Date du jalon : {_short(version.due_at)} au lieu de {_short(before.due_at)}"
    elif version.estimated_at:
        what = f"Date estimée du jalon : {due.estimate_words(version)}"
    else:
        what = "Date estimée du jalon retirée"
    note = f"{version.reason}\nSource : {version.source}"
    act = "deadline.date" if moved else "deadline.estimate"
    many = list(concerned)
    write(many[0] if many else milestone, act, by=by, what=what, note=note, many=many)
    if moved:
        reminders.plan(now=by.at, deadlines=concerned)


def _short(instant: dt.datetime | None) -> str:
    return paris.short(instant) if instant else due.UNDATED
