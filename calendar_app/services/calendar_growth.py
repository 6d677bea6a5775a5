"""A calendar gains a milestone, or the site a dispositif, beside the reviewed data file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.permissions import is_responsable
from calendar_app.enums import MilestoneScope
from calendar_app.models import Deadline, Dispositif, Milestone, MilestoneVersion, Reminder
from calendar_app.rules.amendment import Dates, refusals
from calendar_app.rules.calendar_file import RESERVED_SLUGS
from calendar_app.services.calendars import MUST_BE_RESPONSABLE
from calendar_app.services.deadlines import open_for_milestone
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import write
from journal.services.readings import check_effects, effects_stamp
from segur.lib import due
from segur.queue import TELL_AMENDMENT, enqueue

NO_REASON = "Indiquez le motif de l'ajout."
NO_SOURCE = "Indiquez le texte qui fonde cet ajout."


@dataclass(frozen=True)
class Growth:
    """What an addition would make appear."""

    deadlines: int
    organisations: int
    reminders: int

    @property
    def stamp(self) -> str:
        return effects_stamp(self.deadlines, self.organisations)


@transaction.atomic
def milestone_create(
    *,
    dispositif: Dispositif,
    title: str,
    scope: str,
    channel: str,
    due_at: dt.datetime,
    nature: str,
    reason: str,
    source: str,
    by: By,
    is_money_step: bool = False,
    needs_pilots: bool = False,
    seen: str | None = None,
) -> Milestone:
    """Add a milestone, the deadline of each subject of its dispositif, and their reminders; those
    concerned are notified after the commit (`calendar_news`). `seen`: the stamp of the growth that
    the person has read, None where nobody did.

    Its number follows those of its calendar; its code is never one of the data file.
    """
    _check(by, reason=reason, source=source)
    if problems := refusals(Dates(None), due_at=due_at, nature=nature, now=by.at):
        raise ValidationError(problems)
    if needs_pilots and not (dispositif.has_pilots and scope == MilestoneScope.PRESTATION):
        raise ValidationError(
            {"needs_pilots": "Le périmètre pilote porte sur une Prestation Ségur."}
        )
    locked = lock_row(dispositif)
    last = locked.milestones.aggregate(last=Max("number"))["last"] or 0
    dates = asdict(Dates(None).amended(due_at, nature))
    milestone = Milestone.objects.create(
        dispositif=locked,
        number=last + 1,
        code=f"{locked.slug}-ajout-{last + 1}",
        title=title.strip(),
        scope=scope,
        channel=channel,
        is_money_step=is_money_step,
        needs_pilots=needs_pilots,
        **dates,
    )
    version = MilestoneVersion.objects.create(
        milestone=milestone,
        number=1,
        **dates,
        source=source.strip(),
        reason=reason.strip(),
        author=by.actor,
        author_name=by.name,
        created_at=by.at,
    )
    opened = open_for_milestone(milestone, now=by.at)
    check_effects(seen, _growth(milestone).stamp)
    what = f"Jalon {milestone.number} ajouté au calendrier {locked}, {due.words(milestone)}"
    count = {"échéances ouvertes": len(opened)}
    _write(milestone, "milestone.create", what, reason=reason, source=source, after=count, by=by)
    enqueue(TELL_AMENDMENT, version.pk)
    return milestone


def milestone_preview(*, dispositif: Dispositif, by: By, **fields: object) -> Growth:
    """What `milestone_create` would make appear: it is done, counted, and rolled back."""
    with transaction.atomic():
        milestone = milestone_create(dispositif=dispositif, by=by, **fields)  # type: ignore[arg-type]
        found = _growth(milestone)
        transaction.set_rollback(True)
    return found


def _growth(milestone: Milestone) -> Growth:
    opened = Deadline.objects.filter(milestone=milestone)
    return Growth(
        deadlines=opened.count(),
        organisations=opened.values("organisation").distinct().count(),
        reminders=Reminder.objects.filter(deadline__milestone=milestone).count(),
    )


@transaction.atomic
def dispositif_create(
    *,
    code: str,
    slug: str,
    name: str,
    short_name: str,
    reason: str,
    source: str,
    by: By,
    **follow_ups: bool,
) -> Dispositif:
    """Add a dispositif, without milestones yet; `follow_ups`: those of its `has_…` and
    `needs_proxy` that are on.
    """
    _check(by, reason=reason, source=source)
    if slug in RESERVED_SLUGS:
        raise ValidationError({"slug": f"« {slug} » est une adresse que ce site garde pour lui."})
    dispositif = Dispositif(code=code, slug=slug, name=name, short_name=short_name, **follow_ups)
    dispositif.full_clean()
    dispositif.save()
    what = f"Dispositif {short_name} ajouté ({code})"
    chosen = {key: value for key, value in follow_ups.items() if value}
    _write(dispositif, "dispositif.create", what, reason=reason, source=source, after=chosen, by=by)
    return dispositif


def _check(by: By, *, reason: str, source: str) -> None:
    if not is_responsable(by.actor):
        raise PermissionDenied(MUST_BE_RESPONSABLE)
    problems = {}
    if not reason.strip():
        problems["reason"] = NO_REASON
    if not source.strip():
        problems["source"] = NO_SOURCE
    if problems:
        raise ValidationError(problems)


def _write(
    row: Milestone | Dispositif,
    act: str,
    what: str,
    *,
    reason: str,
    source: str,
    after: Mapping[str, int],
    by: By,
) -> None:
    note = f"{reason.strip()}\nSource : {source.strip()}"
    write(row, act, by=by, what=what, note=note, after=dict(after))
