"""Loading the official calendars from their reviewed file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from calendar_app.enums import Nature
from calendar_app.models import Dispositif, Milestone, MilestoneVersion
from calendar_app.rules.calendar_file import (
    CalendarFileError,
    DispositifData,
    MilestoneData,
    parse,
)
from calendar_app.services import deadlines
from segur.lib import paris

DATA_FILE = Path(__file__).resolve().parent.parent / "data" / "calendriers.toml"
LOADED_BY = "Calendrier officiel"


def load_calendars(path: Path | None = None) -> None:
    """Bring the database to what the reviewed file says. Idempotent, all or nothing.

    The file creates a milestone with the first version of its date. Later it may correct names,
    titles, channels and sources, never what is dated: a date, a nature, a number or a scope that
    differs from the first version is refused, for the application may have amended it since and
    only an amendment keeps its reason, its author and the old date. What was added in the
    application stands beside the file, which neither refuses nor removes it. Raises
    CalendarFileError.
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
    numbers = {(row.milestone.dispositif.code, row.milestone.number): row for row in firsts}
    problems = []
    slugs = dict(Dispositif.objects.values_list("slug", "code"))
    for dispositif in found:
        if slugs.get(dispositif.slug, dispositif.code) != dispositif.code:
            taken_by = slugs[dispositif.slug]
            problems.append(
                f"{dispositif.short_name} : slug : « {dispositif.slug} », déjà pris par {taken_by}"
            )
        for place, data in enumerate(dispositif.milestones, 1):
            where = f"{dispositif.short_name} : jalons[{place}]"
            if first := first_of.get(data.code):
                problems += [f"{where}.{why}" for why in _changes(first, dispositif, data)]
            elif taken := numbers.get((dispositif.code, data.number)):
                problems.append(
                    f"{where}.numero : {data.number} est celui du jalon « {taken.milestone.code} »"
                )
    return problems


def _changes(first: MilestoneVersion, dispositif: DispositifData, data: MilestoneData) -> list[str]:
    milestone = first.milestone
    amend = "modifiez-la dans l'application (« Modifier la date »), avec un motif et une source"
    found = []
    nature = Nature.REGULATORY if first.due_at else Nature.ESTIMATED
    loaded = first.due_at or first.estimated_at
    if loaded and loaded != data.due_at:
        dates = f"{paris.short(data.due_at)} au lieu de {paris.short(loaded)}"
        found.append(
            f"date : {dates}, déjà chargé ; une date ne change pas par ce fichier : {amend}"
        )
    if nature != data.nature:
        found.append(f"nature : déjà chargée « {nature} » ; {amend}")
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
            "has_pilots": data.has_pilots,
            "has_va": data.has_va,
            "has_perf": data.has_perf,
            "has_ratios": data.has_ratios,
        },
    )
    for milestone in data.milestones:
        _load_milestone(dispositif, milestone, now)


def _dates(data: MilestoneData) -> dict[str, dt.datetime]:
    return {"due_at" if data.nature == Nature.REGULATORY else "estimated_at": data.due_at}


def _load_milestone(dispositif: Dispositif, data: MilestoneData, now: dt.datetime) -> None:
    texts = {
        "title": data.title,
        "channel": data.channel,
        "is_money_step": data.is_money_step,
        "needs_pilots": data.needs_pilots,
    }
    milestone, created = Milestone.objects.update_or_create(
        code=data.code,
        defaults=texts,
        create_defaults={
            **texts,
            "dispositif": dispositif,
            "number": data.number,
            "scope": data.scope,
            **_dates(data),
        },
    )
    if created:
        MilestoneVersion.objects.create(
            milestone=milestone,
            number=1,
            **_dates(data),
            source=data.source,
            author_name=LOADED_BY,
            created_at=now,
        )
        deadlines.open_for_milestone(milestone, now=now)
        return
    milestone.versions.filter(number=1).update(source=data.source)
    milestone.deadlines.exclude(title=data.title).update(title=data.title)
