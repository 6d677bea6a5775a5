"""What the pages of an import show of any file: why it is refused, or what it would do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms import Field
from django.urls import reverse

from imports.models import Import
from imports.services.kinds import Progress, Settle
from journal.rules.by import By

if TYPE_CHECKING:
    from accounts.models import User

MOST = 20_000
LINES_SHOWN = 50


@dataclass(frozen=True)
class CellProblem:
    """`column` is empty for the line as a whole; `text`: the cell as written."""

    line: int
    column: str
    text: str
    sentence: str


@dataclass(frozen=True)
class PlannedCell:
    """`before` is None where nothing that is recorded changes."""

    title: str
    text: str
    before: str | None = None


@dataclass(frozen=True)
class PlannedLine:
    number: int
    effect: str
    cells: Sequence[PlannedCell]


@dataclass(frozen=True)
class FilePlan:
    """`counts`: words and how many lines; `changes`: lines that the file would record; `rows`: the
    first of them; `seen`: the digest of what the person reads; `unread`: titles that name no
    column; `own`: what the kind shows besides, in its `part`.
    """

    total: int
    problems: Sequence[CellProblem] = ()
    wrong: int = 0
    counts: Sequence[tuple[str, int]] = ()
    changes: int = 0
    rows: Sequence[PlannedLine] = ()
    seen: str = ""
    unread: Sequence[str] = ()
    own: Mapping[str, Any] = field(default_factory=dict)

    @property
    def titles(self) -> list[str]:
        return [cell.title for cell in self.rows[0].cells] if self.rows else []

    @property
    def more(self) -> int:
        return self.changes - len(self.rows)


def _nothing(_user: User) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class FileImport(ABC):
    """A kind of file with the pages of `imports.views.files`.

    `columns`: name → field, whose label is the title and whose help says what it contains.
    `examples`: lines of the template. `place`: name of the address where the result is seen. `may`,
    `refusal`: who may import, and what the others read. `notes`: what the page says besides.
    `is_sensitive`: as a view of `segur.reauthentication`. `is_for_organisation`: recorded for the
    organisation that its person acts for when they choose it. `part`: template of what the check
    shows besides, with `own`; `aside`: of what the first page does, with what `around` returns.
    """

    code: str
    title: str
    noun: str
    lead: str
    columns: Mapping[str, Field]
    examples: Sequence[Sequence[str]]
    place: str
    may: Callable[[User], bool]
    refusal: str
    notes: Sequence[str] = ()
    most: int = MOST
    is_sensitive: bool = False
    is_for_organisation: bool = True
    part: str = ""
    aside: str = ""
    around: Callable[[User], Mapping[str, Any]] = _nothing

    @property
    def choose_url(self) -> str:
        return reverse("imports:choose", args=[self.code])

    @abstractmethod
    def plan(self, content: bytes, by: By) -> FilePlan:
        """What the file would do, all that is wrong in it. Writes nothing. Raises BadFile."""

    @abstractmethod
    def run(self, job: Import, by: By, progress: Progress, settle: Settle) -> Any:
        """As `kinds.AnyImport`."""
