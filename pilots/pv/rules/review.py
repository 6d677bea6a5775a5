"""Who may move a PV from a state to another: one table for services, pages and tests.

DOMAIN §5: the Fournisseur prepares and sends, the Client signs, the ANS checks conformity.
"""

from collections.abc import Sequence
from enum import Enum

from pilots.enums import PVState


class ReviewParty(Enum):
    """Who does it, in the words of a refusal."""

    PREPARES = "un membre du Fournisseur"
    BINDS = "un Représentant ou un Mandataire du Fournisseur"
    AGENT = "un agent de l'ANS étranger au Fournisseur et à l'éditeur"
    REVIEWER = "l'agent de l'ANS qui instruit ce PV"
    SECOND_AGENT = "un autre agent de l'ANS que celui qui a proposé la décision"
    LEADER = "un responsable de l'ANS étranger au Fournisseur et à l'éditeur"


S = PVState
ACTS: dict[tuple[PVState, PVState], tuple[str, ReviewParty]] = {
    (S.DRAFT, S.SIGNED): ("Fichier signé joint", ReviewParty.PREPARES),
    (S.SIGNED, S.DRAFT): ("Repris en brouillon", ReviewParty.PREPARES),
    (S.NOT_CONFORM, S.DRAFT): ("Correction commencée", ReviewParty.PREPARES),
    (S.NOT_CONFORM, S.SIGNED): ("Fichier corrigé joint", ReviewParty.PREPARES),
    (S.SIGNED, S.SENT): ("Transmis à l'ANS", ReviewParty.BINDS),
    (S.SENT, S.SIGNED): ("Transmission reprise", ReviewParty.BINDS),
    (S.DRAFT, S.ABANDONED): ("Abandonné", ReviewParty.BINDS),
    (S.SIGNED, S.ABANDONED): ("Abandonné", ReviewParty.BINDS),
    (S.NOT_CONFORM, S.ABANDONED): ("Abandonné", ReviewParty.BINDS),
    (S.SENT, S.IN_REVIEW): ("Contrôle commencé", ReviewParty.AGENT),
    (S.IN_REVIEW, S.SENT): ("Rendu à la file", ReviewParty.REVIEWER),
    (S.IN_REVIEW, S.CONFORM): ("Conforme", ReviewParty.REVIEWER),
    (S.IN_REVIEW, S.TO_CONFIRM): ("Non conforme, à confirmer", ReviewParty.REVIEWER),
    (S.IN_REVIEW, S.NOT_CONFORM): ("Non conforme", ReviewParty.REVIEWER),
    (S.TO_CONFIRM, S.NOT_CONFORM): ("Non conforme, confirmé", ReviewParty.SECOND_AGENT),
    (S.TO_CONFIRM, S.IN_REVIEW): ("Non-conformité non confirmée", ReviewParty.SECOND_AGENT),
    (S.CONFORM, S.IN_REVIEW): ("Instruction rouverte", ReviewParty.LEADER),
}


def following(state: PVState) -> tuple[PVState, ...]:
    """The states that may follow."""
    return tuple(to for before, to in ACTS if before == state)


def shown(state: PVState, *, to_reviewer: bool) -> PVState:
    """The state as this reader may know it: a «non conforme» that waits for its second agent is
    the ANS's own affair, and may yet be contradicted. For anybody else the PV is being checked.
    """
    return S.IN_REVIEW if state == S.TO_CONFIRM and not to_reviewer else state


def told(steps: Sequence[tuple[str, str]]) -> list[bool]:
    """Which steps (before, after) of a journal, in order, are for everybody to read: all but a
    proposal of «non conforme» that waits, and one that was contradicted, with the contradiction.
    """
    found, outcome = [], ""
    for before, after in reversed(steps):
        if before == S.TO_CONFIRM:
            outcome = after
        is_proposal = S.TO_CONFIRM in (before, after)
        found.append(not is_proposal or outcome == S.NOT_CONFORM)
    return found[::-1]
