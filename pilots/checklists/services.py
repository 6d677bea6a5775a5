"""The check-lists of the PV and of the VA: loaded once, then edited on the site by the ANS."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction

from journal.rules.by import By
from journal.rules.workflow import LABELS
from journal.services.changes import save_edited
from pilots.checklists.models import ChecklistItem
from pilots.enums import Checklist
from pilots.permissions import can_edit_checklists

DATA_FILE = Path(__file__).resolve().parent.parent / "data" / "listes.toml"
FACTS = ("label", "help", "source", "position", "is_required", "retired_at")
LABELS.update(
    {"checklist.create": "Ligne de liste ajoutée", "checklist.update": "Ligne de liste modifiée"}
)
MUST_LEAD = "Seul un responsable de l'ANS modifie les listes de contrôle."


@transaction.atomic
def load_checklists() -> None:
    """Make the lines that were never there. Idempotent: what the site has edited or retired since
    stays as it is.
    """
    rows = tomllib.loads(DATA_FILE.read_text(encoding="utf-8"))["lignes"]
    known = set(ChecklistItem.objects.values_list("checklist", "code"))
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            checklist=Checklist(row["liste"]),
            code=row["code"],
            label=row["intitule"],
            help=row["explication"],
            source=row["source"],
            position=place,
            is_required=not row.get("facultative", False),
        )
        for place, row in enumerate(rows, 1)
        if (row["liste"], row["code"]) not in known
    )


@transaction.atomic
def save_item(item: ChecklistItem, *, read: str | None = None, by: By) -> ChecklistItem:
    """Add or change a line; what was prepared before keeps its own copy. `read`: the stamp of the
    page. Raises PermissionDenied, ValidationError.
    """
    if not can_edit_checklists(by.actor):
        raise PermissionDenied(MUST_LEAD)
    save_edited(item, "checklist", FACTS, read=read, by=by)
    return item
