"""What reminders are about, as it stands: deadlines, and the rights of Fournisseurs that end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from calendar_app.models import Deadline, Reminder, Supplier
from calendar_app.rules.reminded import RIGHT_STEPS, Key, Reminded
from calendar_app.rules.rights import ends
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.selectors.rights import facts_by_supplier, with_open_steps
from segur.lib.months import end_of


def of_deadline(deadline: Deadline | Any) -> Reminded:
    """Loaded with `amended_at`, which bounds its past, where that is asked."""
    bounds = [
        deadline.created_at,
        deadline.moved_at,
        deadline.reopened_at,
        getattr(deadline, "amended_at", None),
    ]
    return Reminded(
        key=("", deadline.pk),
        version=deadline.version,
        due_at=deadline.fixed_at,
        since=max(bound for bound in bounds if bound),
        is_open=deadline.is_open,
        organisations=(deadline.organisation_id,),
        dispositif_id=deadline.dispositif_id,
        steps=deadline.steps or DEFAULT_STEPS,
    )


def ending_rights(suppliers: QuerySet[Supplier]) -> dict[Key, Reminded]:
    """Each right that ends, of the Fournisseurs whose money steps still rest on it; both sides are
    reminded, the Fournisseur and the éditeur. Two queries.
    """
    rows = list(with_open_steps(suppliers))
    facts = facts_by_supplier(rows)
    found = {}
    for supplier in rows:
        sides = (supplier.organisation_id, supplier.solution.organisation_id)
        for right, last, _who in ends(facts[supplier.pk]):
            key = (str(right), supplier.pk)
            found[key] = Reminded(
                key=key,
                version=last.toordinal(),
                due_at=end_of(last),
                since=supplier.created_at,
                is_open=True,
                organisations=tuple(dict.fromkeys(sides)),
                dispositif_id=supplier.solution.dispositif_id,
                steps=RIGHT_STEPS,
            )
    return found


def renewers(suppliers: QuerySet[Supplier]) -> dict[Key, tuple[str, int]]:
    """Who renews each of these rights, and how many requests of payment rest on it."""
    rows = list(with_open_steps(suppliers))
    facts = facts_by_supplier(rows)
    return {
        (str(right), row.pk): (who, getattr(row, "steps", 0))
        for row in rows
        for right, _last, who in ends(facts[row.pk])
    }


def subjects_of(rows: list[Reminder]) -> list[Reminded]:
    """What each of these reminders, whose `deadline` is loaded, is about. Two queries where some
    are about rights."""
    suppliers = {row.supplier_id for row in rows if row.supplier_id}
    rights = ending_rights(Supplier.objects.filter(pk__in=suppliers)) if suppliers else {}
    return [
        of_deadline(row.deadline) if row.deadline_id else rights.get(row.key) or _gone(row)
        for row in rows
    ]


def _gone(row: Reminder) -> Reminded:
    """A right on which nothing rests any more, or which has no term."""
    return Reminded(
        key=row.key,
        version=row.subject_version,
        due_at=row.last_at,
        since=dt.datetime.min.replace(tzinfo=dt.UTC),
        is_open=False,
        organisations=(),
        dispositif_id=0,
        steps=RIGHT_STEPS,
    )
