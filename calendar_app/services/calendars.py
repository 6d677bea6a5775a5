"""The official calendars: loaded from their reviewed file, then amended by versions only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.permissions import is_responsable
from calendar_app.models import Deadline, Dispositif, Milestone, MilestoneVersion
from calendar_app.rules.amendment import refusals
from calendar_app.rules.calendar_file import (
    CalendarFileError,
    DispositifData,
    MilestoneData,
    parse,
)
from calendar_app.services import deadlines, reminders
from journal.rules.by import By
from journal.services.entries import write
from segur.lib import paris
from segur.queue import TELL_AMENDMENT, enqueue

DATA_FILE = Path(__file__).resolve().parent.parent / "data" / "calendriers.toml"
LOADED_BY = "Calendrier officiel"
STALE = "Quelqu'un d'autre vient de modifier ce jalon : relisez sa date avant de la changer encore."


def load_calendars(path: Path | None = None) -> None:
    """Bring the database to what the reviewed file says. Idempotent, all or nothing.

    The file creates a milestone with the first version of its date. Later it may correct names,
    titles, channels and sources, never what is dated: a date, a nature, a number or a scope that
    differs from the first version is refused, for the application may have amended it since and
    only an amendment keeps its reason, its author and the old date. Raises CalendarFileError.
    """
    path = path or DATA_FILE
    found = parse(path.read_text(encoding="utf-8"), file=path.name)
    with transaction.atomic():
        problems = [f"{path.name} : {problem}" for problem in _contradictions(found)]
        if problems:
            raise CalendarFileError(problems)
        for data in found:
            _load_dispositif(data, timezone.now())


def _contradictions(found: tuple[DispositifData, ...]) -> list[str]:
    """What the file says otherwise than the database, and may not change."""
    firsts = MilestoneVersion.objects.filter(number=1).select_related("milestone__dispositif")
    first_of = {first.milestone.code: first for first in firsts}
    problems = []
    for dispositif in found:
        for place, data in enumerate(dispositif.milestones, 1):
            first = first_of.pop(data.code, None)
            where = f"{dispositif.short_name} : jalons[{place}]"
            if first is not None:
                problems += [f"{where}.{why}" for why in _changes(first, dispositif, data)]
    problems += [
        f"{first.milestone.dispositif} : le jalon « {code} », déjà chargé, manque dans le fichier"
        for code, first in first_of.items()
    ]
    return problems


def _changes(first: MilestoneVersion, dispositif: DispositifData, data: MilestoneData) -> list[str]:
    milestone = first.milestone
    amend = "modifiez-la dans l'application (« Modifier la date »), avec un motif et une source"
    found = []
    if first.due_at != data.due_at:
        dates = f"{paris.short(data.due_at)} au lieu de {paris.short(first.due_at)}"
        found.append(f"date : {dates}, déjà chargé ; une date ne change pas ici : {amend}")
    if first.nature != data.nature:
        found.append(f"nature : déjà chargée « {first.nature} » ; {amend}")
    fixed = {
        "numero": (milestone.number, data.number),
        "portee": (milestone.scope, data.scope),
        "code": (milestone.dispositif.code, dispositif.code),
    }
    found += [
        f"{key} : « {old} » est déjà chargé et ne peut plus devenir « {new} »"
        for key, (old, new) in fixed.items()
        if old != new
    ]
    return found


def _load_dispositif(data: DispositifData, now: dt.datetime) -> None:
    dispositif, _ = Dispositif.objects.update_or_create(
        code=data.code,
        defaults={
            "slug": data.slug,
            "name": data.name,
            "short_name": data.short_name,
            "needs_proxy": data.needs_proxy,
        },
    )
    for milestone in data.milestones:
        _load_milestone(dispositif, milestone, now)


def _load_milestone(dispositif: Dispositif, data: MilestoneData, now: dt.datetime) -> None:
    texts = {
        "title": data.title,
        "channel": data.channel,
        "is_money_step": data.is_money_step,
    }
    milestone, created = Milestone.objects.update_or_create(
        code=data.code,
        defaults=texts,
        create_defaults={
            **texts,
            "dispositif": dispositif,
            "number": data.number,
            "scope": data.scope,
            "nature": data.nature,
            "due_at": data.due_at,
        },
    )
    if created:
        MilestoneVersion.objects.create(
            milestone=milestone,
            number=1,
            due_at=data.due_at,
            nature=data.nature,
            source=data.source,
            author_name=LOADED_BY,
            created_at=now,
        )
        deadlines.open_for_milestone(milestone, now=now)
        return
    milestone.versions.filter(number=1).update(source=data.source)
    milestone.deadlines.exclude(title=data.title).update(title=data.title)


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

    Its deadlines take the date and the version whatever their state, which does not change: what a
    filing was measured by stays in the filing. Reminders are planned again (those of the version
    before are superseded) and, after the commit, the people concerned are told once: see
    `calendar_news`.

    `milestone.version` is the one that the actor has read. The row is locked before it is compared,
    so of two amendments at the same second one wins and the other is told; the unique constraint
    on the version number holds even against a writer that would forget the lock.
    """
    if not is_responsable(by.actor):
        raise PermissionDenied("Seul un responsable de l'ANS modifie un calendrier.")
    row = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if row.version != milestone.version:
        raise ValidationError(STALE, code="stale")
    problems = refusals(
        old_due_at=row.due_at,
        old_nature=row.nature,
        due_at=due_at,
        nature=nature,
        now=by.at,
    )
    if not reason.strip():
        problems["reason"] = "Indiquez le motif de la modification."
    if not source.strip():
        problems["source"] = "Indiquez le texte qui donne cette date."
    if problems:
        raise ValidationError(problems)
    before = row.due_at
    version = MilestoneVersion.objects.create(
        milestone=row,
        number=row.version + 1,
        due_at=due_at,
        nature=nature,
        source=source.strip(),
        reason=reason.strip(),
        author=by.actor,
        author_name=by.name,
        created_at=by.at,
    )
    row.due_at, row.nature, row.version = due_at, nature, version.number
    row.save(update_fields=["due_at", "nature", "version"])
    _move_deadlines(version, before=before, by=by)
    enqueue(TELL_AMENDMENT, version.pk)
    return version


def _move_deadlines(version: MilestoneVersion, *, before: dt.datetime, by: By) -> None:
    """Bring the milestone's deadlines to the version: one entry of the journal lists them."""
    moved = Deadline.objects.filter(milestone=version.milestone)
    moved.update(due_at=version.due_at, version=version.number, changed_at=by.at)
    what = (
        f"Date du jalon : {paris.short(version.due_at)} au lieu de {paris.short(before)}"
        if version.due_at != before
        else f"Nature du jalon : {version.get_nature_display().lower()}"
    )
    note = f"{version.reason}\nSource : {version.source}"
    if many := list(moved):
        write(many[0], "deadline.date", by=by, what=what, note=note, many=many)
    reminders.plan(now=by.at, deadlines=moved)
