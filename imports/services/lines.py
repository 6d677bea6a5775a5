"""Imports by lines: a kind declares its columns, how its lines are compared with what is recorded,
and how those that change something are written. Everything else is here, once.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from imports.models import Import
from imports.services.file_lines import FileLine, FileLines, LineFate, good, read_lines
from imports.services.kinds import Progress, Settle
from imports.services.plans import (
    LINES_SHOWN,
    CellProblem,
    FileImport,
    FilePlan,
    PlannedCell,
    PlannedLine,
)
from journal.rules.by import By

SAME_AS = "Cette ligne désigne la même chose que la ligne {}."
MOVED = (
    "Ce que ce fichier modifierait a changé depuis la vérification : rien n'est enregistré. "
    "Vérifiez-le à nouveau."
)
CHANGED = (
    "Des lignes sont refusées depuis la vérification : rien n'est enregistré. Vérifiez le fichier "
    "à nouveau : chaque case à corriger sera nommée."
)


class Compare(Protocol):
    """Gives each line its fate, or refuses it: a fixed number of queries, but for batches. `lock`:
    what the lines are about stays as it is until the transaction ends.
    """

    def __call__(self, lines: Sequence[FileLine], by: By, *, lock: bool) -> None: ...


@dataclass(frozen=True, kw_only=True)
class LineImport(FileImport):
    """`key`: the columns that name what a line is about. `titles`: see `read_lines`. `write` gets
    the lines that are new or changed.
    """

    key: Sequence[str]
    compare: Compare
    write: Callable[[Sequence[FileLine], By], None]
    titles: Mapping[str, str] = field(default_factory=dict)

    def read(self, content: bytes, progress: Progress | None = None) -> FileLines:
        """Raises BadFile."""
        return read_lines(
            content,
            self.columns,
            titles=self.titles,
            key=self.key,
            most=self.most,
            noun=self.noun,
            progress=progress,
        )

    def plan(self, content: bytes, by: By) -> FilePlan:
        found = self.read(content)
        lines = found.lines
        self._compare(lines, by, lock=False)
        changes = [line for line in lines if line.fate is not LineFate.SAME]
        counts = Counter(line.fate for line in lines)
        return FilePlan(
            total=len(lines),
            problems=list(self._problems(lines)),
            wrong=sum(bool(line.wrong) for line in lines),
            counts=[(fate.value, counts[fate]) for fate in LineFate],
            changes=len(changes),
            rows=[self._planned(line, found.columns) for line in changes[:LINES_SHOWN]],
            seen=effect_of(lines),
            unread=found.unread,
        )

    def _problems(self, lines: Sequence[FileLine]) -> Iterator[CellProblem]:
        for line in lines:
            for name, sentence in line.wrong.items():
                label = str(self.columns[name].label) if name else ""
                yield CellProblem(line.number, label, line.texts.get(name, ""), sentence)

    def _planned(self, line: FileLine, columns: Sequence[str]) -> PlannedLine:
        cells = [
            PlannedCell(str(self.columns[name].label), line.texts[name], line.before.get(name))
            for name in columns
            if name in line.texts
        ]
        return PlannedLine(line.number, line.fate.value, cells)

    def _compare(self, lines: Sequence[FileLine], by: By, *, lock: bool) -> None:
        """Two ways of naming one thing do not make two of it."""
        self.compare(list(good(lines)), by, lock=lock)
        first: dict[int, int] = {}
        for line in good(lines):
            if (
                line.subject
                and (n := first.setdefault(id(line.subject), line.number)) != line.number
            ):
                line.refuse(self.key[0], SAME_AS.format(n))

    def run(self, job: Import, by: By, progress: Progress, settle: Settle) -> list[FileLine]:
        """Read before the transaction; compared and written in it. Raises ValidationError."""
        if not self.may(by.actor):
            raise ValidationError(self.refusal)
        lines = self.read(bytes(job.content), progress).lines
        progress(len(lines))
        try:
            with transaction.atomic():
                self._compare(lines, by, lock=True)
                if any(line.wrong for line in lines):
                    raise ValidationError(CHANGED)
                effect = effect_of(lines)
                if job.options.get("seen", effect) != effect:
                    raise ValidationError(MOVED)
                self.write([line for line in lines if line.fate is not LineFate.SAME], by)
                settle(sentence_of(lines), reverse(self.place))
        except IntegrityError:
            raise ValidationError(CHANGED) from None
        return lines


def effect_of(lines: Sequence[FileLine]) -> str:
    """The digest of what the lines would do and replace: a person confirms what they have read, not
    what somebody else has recorded since."""
    effect = [(line.number, line.fate.name, line.before) for line in lines]
    return hashlib.sha256(json.dumps(effect, sort_keys=True).encode()).hexdigest()


def sentence_of(lines: Sequence[FileLine]) -> str:
    """«3 lignes ajoutées, 1 modifiée, 6 inchangées.»"""
    counts = Counter(line.fate for line in lines)
    if counts[LineFate.SAME] == len(lines):
        return "Rien de nouveau : tout ce que dit ce fichier est déjà enregistré."
    words = (
        (LineFate.NEW, "ajoutée"),
        (LineFate.CHANGED, "modifiée"),
        (LineFate.SAME, "inchangée"),
    )
    parts = [
        f"{counts[fate]} {word}{'s' * (counts[fate] > 1)}" for fate, word in words if counts[fate]
    ]
    return f"Lignes du fichier : {', '.join(parts)}."
