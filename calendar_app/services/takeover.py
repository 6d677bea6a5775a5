"""Take-over of the past: several milestones of one subject, all or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calendar_app.models import Deadline, Filing
from calendar_app.services.filings import take_over
from documents.services.proofs import shelf
from journal.rules.by import By


@dataclass(frozen=True)
class PastLine:
    """What happened to one past milestone, as `take_over` takes it."""

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
    """Record every line, or raise LinesRefused with all that is wrong on each."""
    filings: list[Filing] = []
    errors: dict[int, ValidationError] = {}
    with shelf() as kept, transaction.atomic():
        for place, line in enumerate(lines):
            try:
                filing = take_over(**vars(line), within=kept, by=by)
            except ValidationError as error:
                errors[place] = error
                continue
            if filing:
                filings.append(filing)
        if errors:
            raise LinesRefused(errors)
    return filings
