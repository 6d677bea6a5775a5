"""Reads of the dossiers: what is expected, what is there, what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from calendar_app.enums import SETTLED_PIECES, PieceState
from calendar_app.models import Deadline, ExpectedPiece, Piece, PieceFile
from segur.lib.remaining import Meaning

MEANINGS = {
    PieceState.TO_PROVIDE: Meaning.TO_COME,
    PieceState.IN_PROGRESS: Meaning.SOON,
    PieceState.READY: Meaning.DONE,
    PieceState.NOT_APPLICABLE: Meaning.NEUTRAL,
}


@dataclass(frozen=True)
class PieceCount:
    """Of the pieces that a dossier must hold."""

    missing: int
    total: int

    @property
    def words(self) -> str:
        """«3 pièces manquantes sur 8»."""
        if not self.missing:
            return f"{self.total} pièces prêtes sur {self.total}"
        plural = "s" if self.missing > 1 else ""
        return f"{self.missing} pièce{plural} manquante{plural} sur {self.total}"


@dataclass(frozen=True)
class PieceLine:
    """A line of a dossier. `piece` is None as long as nobody has touched it."""

    code: str
    label: str
    help: str
    source: str
    is_required: bool
    piece: Piece | None
    files: list[PieceFile] = field(default_factory=list)

    @property
    def state(self) -> PieceState:
        return PieceState(self.piece.state) if self.piece else PieceState.TO_PROVIDE

    @property
    def meaning(self) -> Meaning:
        return MEANINGS[self.state] if self.is_required else Meaning.NEUTRAL

    @property
    def is_missing(self) -> bool:
        return self.is_required and self.state not in SETTLED_PIECES


def dossier(deadline: Deadline) -> list[PieceLine]:
    """The lines of a deadline, the expected ones in their order, then its own."""
    pieces = Piece.objects.filter(deadline=deadline).select_related("person")
    known = {piece.code: piece for piece in pieces.prefetch_related("files")}
    expected = ExpectedPiece.objects.filter(milestone=deadline.milestone_id, retired_at=None)
    lines = [_line(one.code, known.pop(one.code, None), of=one) for one in expected]
    return [*lines, *(_line(piece.code, piece) for piece in known.values())]


@dataclass(frozen=True)
class PieceReach:
    """What a line of the list of a milestone changes. `open`: dossiers still to file; `settled`:
    those of them that have the piece; `turned`: those that are complete and would not be any more,
    or the other way round where the line is not asked for any more.
    """

    open: int
    settled: int
    turned: int
    is_more: bool
    """Whether the line asks for more than today."""


def reach_of(item: ExpectedPiece) -> PieceReach:
    """Five queries."""
    asks = item.is_required and item.retired_at is None
    known = ExpectedPiece.objects.filter(pk=item.pk, is_required=True, retired_at=None)
    asked = known.exists()
    rows = list(Deadline.objects.open().filter(milestone=item.milestone_id))
    having = Piece.objects.filter(deadline__in=rows, code=item.code, state__in=SETTLED_PIECES)
    settled = set(having.values_list("deadline_id", flat=True))
    counts, left = piece_counts(rows), 1 if asked else 0
    turned = [
        row
        for row in rows
        if row.pk not in settled and (counts[row.pk].missing if row.pk in counts else 0) == left
    ]
    return PieceReach(
        len(rows), len(settled), len(turned) if asks != asked else 0, asks and not asked
    )


def _line(code: str, piece: Piece | None, of: ExpectedPiece | None = None) -> PieceLine:
    """A line that is expected no more keeps its label, and is not asked for."""
    label = of.label if of else piece.label if piece else code
    return PieceLine(
        code=code,
        label=label,
        help=of.help if of else "",
        source=of.source if of else "",
        is_required=of.is_required if of else bool(piece and piece.is_own),
        piece=piece,
        files=list(piece.files.all()) if piece else [],
    )


def piece_line(deadline: Deadline, code: str) -> PieceLine | None:
    return next((line for line in dossier(deadline) if line.code == code), None)


def count_of(lines: Iterable[PieceLine]) -> PieceCount:
    required = [line for line in lines if line.is_required]
    return PieceCount(sum(line.is_missing for line in required), len(required))


def piece_counts(deadlines: Iterable[Deadline]) -> dict[int, PieceCount]:
    """Primary key → the count, for those whose milestone expects pieces. Two queries at most, none
    where no deadline is that of a solution still to file.
    """
    rows = [row for row in deadlines if row.is_open and row.solution_id and row.milestone_id]
    if not rows:
        return {}
    expected: defaultdict[int, set[str]] = defaultdict(set)
    asked = ExpectedPiece.objects.filter(
        milestone__in={row.milestone_id for row in rows}, retired_at=None, is_required=True
    )
    for milestone, code in asked.values_list("milestone_id", "code"):
        expected[milestone].add(code)
    own: defaultdict[int, set[str]] = defaultdict(set)
    settled: defaultdict[int, set[str]] = defaultdict(set)
    found = Piece.objects.filter(deadline__in=[row.pk for row in rows])
    for pk, code, is_own, state in found.values_list("deadline_id", "code", "is_own", "state"):
        if is_own:
            own[pk].add(code)
        if state in SETTLED_PIECES:
            settled[pk].add(code)
    counts = {}
    for row in rows:
        required = expected[row.milestone_id or 0] | own[row.pk]
        if required:
            counts[row.pk] = PieceCount(len(required - settled[row.pk]), len(required))
    return counts
