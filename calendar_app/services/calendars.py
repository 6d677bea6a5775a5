"""The official calendars: loaded from their reviewed file, then amended by versions only."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from calendar_app.models import Dispositif, Milestone, MilestoneVersion
from calendar_app.rules.calendar_file import (
    CalendarFileError,
    DispositifData,
    MilestoneData,
    parse,
)
from segur.lib import paris

DATA_FILE = Path(__file__).resolve().parent.parent / "data" / "calendriers.toml"
LOADED_BY = "Calendrier officiel"


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
            _load_dispositif(data)


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


def _load_dispositif(data: DispositifData) -> None:
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
        _load_milestone(dispositif, milestone)


def _load_milestone(dispositif: Dispositif, data: MilestoneData) -> None:
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
        )
        return
    milestone.versions.filter(number=1).update(source=data.source)
    milestone.deadlines.exclude(title=data.title).update(title=data.title)
