"""Take-over of the past: several milestones of one subject, all or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from calendar_app.enums import FilingOrigin, FilingStatus
from calendar_app.models import Deadline, Filing
from calendar_app.services.deadlines import BATCH, close_all
from calendar_app.services.filings import take_over
from calendar_app.services.receipts import seal
from documents.services.proofs import shelf
from journal.rules.by import By
from parameters.selectors import read_once
from segur.keys import next_keys


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


@transaction.atomic
def declare_past(lines: Sequence[PastLine], *, by: By) -> list[Filing]:
    """`take_over` of many deposits without proof, in a number of queries that follows batches.

    Their deadlines are locked and loaded by `with_subject`, nothing was prepared for them, and
    their instants, gates and order are judged. Raises ValidationError where a state or a right
    forbids one.
    """
    filings = [_deposit(line, by) for line in lines]
    with read_once():
        for line, filing, key in zip(lines, filings, next_keys(Filing, len(lines)), strict=True):
            filing.pk = key
            seal(filing, line.deadline, proofs=())
    Filing.objects.bulk_create(filings, batch_size=BATCH)
    words = "Dépôt n° 1 enregistré, sans preuve, récépissé {.receipt_number}".format
    close_all([(one.deadline, words(one)) for one in filings], "file", by=by)
    return filings


def _deposit(line: PastLine, by: By) -> Filing:
    return Filing(
        deadline=line.deadline,
        number=1,
        status=FilingStatus.FILED,
        origin=FilingOrigin.TAKEN_OVER,
        external_reference=line.reference,
        deposited_at=line.deposited_at,
        prepared_by=by.actor,
        prepared_at=by.at,
        recorded_at=by.at,
        recorded_by=by.actor,
        recorded_by_name=by.name,
        due_at=line.deadline.due_at,
        deadline_version=line.deadline.version,
    )


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
