"""The connector board of a prestation (DOMAIN §7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilots.enums import ConnectorKind, ConnectorState
from pilots.va.models import Connector, ConnectorFile
from pilots.va.rules.installation import kinds_of
from segur.lib.remaining import Meaning

if TYPE_CHECKING:
    from calendar_app.models import Prestation

MEANINGS = {
    ConnectorState.TO_DO: Meaning.NEUTRAL,
    ConnectorState.TESTED: Meaning.TO_COME,
    ConnectorState.VALIDATED: Meaning.DONE,
    ConnectorState.NOT_CONCERNED: Meaning.NEUTRAL,
}
FROM_ELSEWHERE = (ConnectorKind.PFI_CR, ConnectorKind.TELE_ORU)
"""Where the CR made elsewhere passes: the rule of the DMP stands there."""


@dataclass(frozen=True)
class ConnectorLine:
    """One half-connector of the board; `row` is None as long as nothing was recorded."""

    prestation_id: int
    kind: ConnectorKind
    row: Connector | None
    files: Sequence[ConnectorFile]

    @property
    def state(self) -> ConnectorState:
        return ConnectorState(self.row.state) if self.row else ConnectorState.TO_DO

    @property
    def meaning(self) -> Meaning:
        return MEANINGS[self.state]

    @property
    def stamp(self) -> str:
        """What a form has read: an act on another reading is refused."""
        return self.row.recorded_at.isoformat() if self.row else ""

    @property
    def carries_cr_made_elsewhere(self) -> bool:
        return self.kind in FROM_ELSEWHERE


def board(prestation: Prestation) -> list[ConnectorLine]:
    """Every half-connector that applies, in the order of DOMAIN §7; two queries.

    Shown by `installation/_board.html`.
    """
    known = Connector.objects.filter(prestation=prestation).prefetch_related("files")
    rows = {row.kind: row for row in known}
    return [
        ConnectorLine(prestation.pk, kind, row, list(row.files.all()) if row else [])
        for kind in kinds_of(is_drimbox=prestation.dispositif.has_va)
        for row in (rows.get(kind),)
    ]


def summary_of(lines: Sequence[ConnectorLine]) -> str:
    """«4 sur 5 validés, 1 sans objet»: what does not concern the prestation is not counted."""
    aside = sum(line.state == ConnectorState.NOT_CONCERNED for line in lines)
    done = sum(line.state == ConnectorState.VALIDATED for line in lines)
    if aside == len(lines):
        return "Tous sans objet"
    text = f"{done} sur {len(lines) - aside} validé{'s' if done > 1 else ''}"
    return f"{text}, {aside} sans objet" if aside else text


def is_complete(lines: Sequence[ConnectorLine]) -> bool:
    """Nothing left to validate."""
    closed = (ConnectorState.VALIDATED, ConnectorState.NOT_CONCERNED)
    return all(line.state in closed for line in lines)
