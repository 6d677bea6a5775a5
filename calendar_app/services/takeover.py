"""Take-over of the past: several milestones of one subject, all or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calendar_app.models import Deadline, Filing, Proof
from calendar_app.services.filings import GateClosed, take_over
from journal.rules.by import By


@dataclass(frozen=True)
class PastLine:
    """What became of one past milestone: `outcome` is DEPOSE or SANS_OBJET."""

    deadline: Deadline
    outcome: str
    deposited_at: dt.datetime | None = None
    reference: str = ""
    reason: str = ""
    files: Sequence[UploadedFile[Any]] = field(default_factory=list)
    without_proof: bool = False
    out_of_order: bool = False


class LinesRefused(Exception):  # noqa: N818  (an answer, not a fault)
    """`errors`: place of the line → why. Nothing was recorded, no file is left."""

    def __init__(self, errors: dict[int, ValidationError]) -> None:
        super().__init__(f"{len(errors)} line(s) refused")
        self.errors = errors


def take_over_past(*, lines: Sequence[PastLine], by: By) -> list[Filing]:
    """Record every line, or raise LinesRefused with what is wrong on each.

    Files written by the first lines are taken back when a later one, or the commit, fails.
    """
    names: set[str] = set()
    try:
        with transaction.atomic():
            return _take_over_all(lines, names, by)
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise


def _take_over_all(lines: Sequence[PastLine], names: set[str], by: By) -> list[Filing]:
    """Try every line, so that all that is wrong is said at once; `names` gains the new files."""
    filings: list[Filing] = []
    errors: dict[int, ValidationError] = {}
    for place, line in enumerate(lines):
        before = _stored(line.deadline)
        try:
            filing = _take_over(line, by)
        except ValidationError as error:
            errors[place] = error
            continue
        except GateClosed as gate:
            errors[place] = ValidationError(gate.sentences)
            continue
        names |= _stored(line.deadline) - before
        if filing:
            filings.append(filing)
    if errors:
        raise LinesRefused(errors)
    return filings


def _stored(deadline: Deadline) -> set[str]:
    return set(Proof.objects.filter(filing__deadline=deadline).values_list("file", flat=True))


def _take_over(line: PastLine, by: By) -> Filing | None:
    return take_over(
        deadline=line.deadline,
        outcome=line.outcome,
        deposited_at=line.deposited_at,
        reason=line.reason,
        reference=line.reference,
        files=line.files,
        without_proof=line.without_proof,
        out_of_order=line.out_of_order,
        by=by,
    )
