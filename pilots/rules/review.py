"""Who may move a PV from a state to another: one table for services, pages and tests.

DOMAIN §5: the Fournisseur prepares and sends, the Client signs, the ANS checks conformity.
"""

from enum import Enum

from pilots.enums import PVState


class Party(Enum):
    """Who does it, in the words of a refusal."""

    PREPARES = "un membre du Fournisseur"
    BINDS = "un Représentant ou un Mandataire du Fournisseur"
    AGENT = "un agent de l'ANS étranger au Fournisseur et à l'éditeur"
    REVIEWER = "l'agent de l'ANS qui instruit ce PV"
    SECOND_AGENT = "un autre agent de l'ANS que celui qui a proposé la décision"


S = PVState
ACTS: dict[tuple[PVState, PVState], tuple[str, Party]] = {
    (S.DRAFT, S.SIGNED): ("Fichier signé joint", Party.PREPARES),
    (S.SIGNED, S.DRAFT): ("Repris en brouillon", Party.PREPARES),
    (S.NOT_CONFORM, S.DRAFT): ("Correction commencée", Party.PREPARES),
    (S.NOT_CONFORM, S.SIGNED): ("Fichier corrigé joint", Party.PREPARES),
    (S.SIGNED, S.SENT): ("Transmis à l'ANS", Party.BINDS),
    (S.SENT, S.SIGNED): ("Transmission reprise", Party.BINDS),
    (S.DRAFT, S.ABANDONED): ("Abandonné", Party.BINDS),
    (S.SIGNED, S.ABANDONED): ("Abandonné", Party.BINDS),
    (S.NOT_CONFORM, S.ABANDONED): ("Abandonné", Party.BINDS),
    (S.SENT, S.IN_REVIEW): ("Contrôle commencé", Party.AGENT),
    (S.IN_REVIEW, S.SENT): ("Rendu à la file", Party.REVIEWER),
    (S.IN_REVIEW, S.CONFORM): ("Conforme", Party.REVIEWER),
    (S.IN_REVIEW, S.TO_CONFIRM): ("Non conforme, à confirmer", Party.REVIEWER),
    (S.IN_REVIEW, S.NOT_CONFORM): ("Non conforme", Party.REVIEWER),
    (S.TO_CONFIRM, S.NOT_CONFORM): ("Non conforme, confirmé", Party.SECOND_AGENT),
    (S.TO_CONFIRM, S.IN_REVIEW): ("Non-conformité non confirmée", Party.SECOND_AGENT),
}


def following(state: PVState) -> tuple[PVState, ...]:
    """The states that may follow."""
    return tuple(to for before, to in ACTS if before == state)
