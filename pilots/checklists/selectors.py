"""Reads of the check-lists."""

from pilots.checklists.models import ChecklistItem
from pilots.enums import Checklist


def lines(checklist: Checklist) -> list[ChecklistItem]:
    """What is asked now, in order."""
    return list(ChecklistItem.objects.filter(checklist=checklist, retired_at=None))
