"""Computed delays: deadlines that a rule gives to one subject, opened and closed by other apps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from calendar_app.models import Deadline, Solution
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.services import reminders
from calendar_app.services.deadlines import journal, lock
from journal.rules.by import By
from segur.lib import paris

if TYPE_CHECKING:
    from accounts.models import Organisation
    from calendar_app.models import Prestation


@dataclass(frozen=True)
class Delay:
    """`code` names it among the delays of its subject; `rule` is what the screen says of its date;
    `steps` are days before it, within those of DEFAULT_STEPS; `page` is where one acts.
    """

    code: str
    title: str
    rule: str
    due_at: dt.datetime
    page: str
    steps: Sequence[int] = DEFAULT_STEPS


@transaction.atomic
def open_delay(
    delay: Delay,
    *,
    subject: Solution | Prestation,
    organisation: Organisation,
    by: By,
) -> Deadline:
    """Make the deadline of a delay, or move it to its new instant; its reminders follow. Another
    rule that leads to the same instant moves nothing, but leaves an entry.

    Opening the same again changes nothing. Raises ValidationError for one that is closed already.
    """
    steps = sorted(delay.steps, reverse=True)
    fields = {
        "title": delay.title,
        "rule": delay.rule,
        "steps": steps,
        "page": delay.page,
    }
    owner = {"solution" if isinstance(subject, Solution) else "prestation": subject}
    row, created = Deadline.objects.get_or_create(
        code=delay.code,
        **owner,
        defaults={
            **fields,
            "organisation": organisation,
            "dispositif_id": subject.dispositif_id,
            "due_at": delay.due_at,
            "created_at": by.at,
        },
    )
    row = lock(row)
    if created:
        journal(row, "open", by=by, what="Délai ouvert", note=delay.rule)
    elif not row.is_open:
        raise ValidationError(
            f"Ce délai est à l'état « {row.get_state_display()} » : sa date ne change plus."
        )
    elif row.due_at != delay.due_at:
        _move(row, delay, fields, by=by)
    elif row.rule != delay.rule:
        row.rule = delay.rule
        row.save(update_fields=["rule"])
    reminders.plan(now=by.at, deadlines=Deadline.objects.filter(pk=row.pk))
    return row


def _move(row: Deadline, delay: Delay, fields: Mapping[str, object], *, by: By) -> None:
    note = f"{paris.due_short(delay.due_at)} au lieu de {paris.due_short(row.fixed_at)}"
    row.due_at, row.version, row.moved_at = delay.due_at, row.version + 1, by.at
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    journal(row, "date", by=by, what="Date du délai", note=note)
