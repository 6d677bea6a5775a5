"""The workflow of a PV: who does what, from which state: one table for services, pages and tests.

DOMAIN §5: the Fournisseur prepares and sends, the Client signs, the ANS checks conformity.
"""

from enum import Enum

from journal.enums import Readers
from journal.rules.workflow import LABELS, Act, Workflow
from pilots.enums import PVState


class ReviewParty(Enum):
    """Who does it, in the words of a refusal."""

    PREPARES = "un membre du Fournisseur"
    BINDS = "un Représentant ou un Mandataire du Fournisseur"
    AGENT = "un agent de l'ANS étranger au Fournisseur et à l'éditeur"
    REVIEWER = "l'agent de l'ANS qui instruit ce PV"
    SECOND_AGENT = "un autre agent de l'ANS que celui qui a proposé la décision"
    LEADER = "un responsable de l'ANS étranger au Fournisseur et à l'éditeur"


SUPPLIER_PARTIES = (ReviewParty.PREPARES, ReviewParty.BINDS)

S, P = PVState, ReviewParty
PV = Workflow(
    "pv",
    {
        "sign": Act((S.DRAFT,), S.SIGNED, P.PREPARES, "Fichier signé joint"),
        "revise": Act((S.SIGNED,), S.DRAFT, P.PREPARES, "Repris en brouillon"),
        "correct": Act((S.NOT_CONFORM,), S.DRAFT, P.PREPARES, "Correction commencée"),
        "sign_again": Act((S.NOT_CONFORM,), S.SIGNED, P.PREPARES, "Fichier corrigé joint"),
        "send": Act((S.SIGNED,), S.SENT, P.BINDS, "Transmis à l'ANS"),
        "take_back": Act((S.SENT,), S.SIGNED, P.BINDS, "Transmission reprise"),
        "abandon": Act((S.DRAFT, S.SIGNED, S.NOT_CONFORM), S.ABANDONED, P.BINDS, "Abandonné"),
        "take": Act((S.SENT,), S.IN_REVIEW, P.AGENT, "Contrôle commencé"),
        "give_back": Act((S.IN_REVIEW,), S.SENT, P.REVIEWER, "Rendu à la file"),
        "accept": Act((S.IN_REVIEW,), S.CONFORM, P.REVIEWER, "Conforme"),
        "propose": Act((S.IN_REVIEW,), S.TO_CONFIRM, P.REVIEWER, "Non conforme, à confirmer"),
        "refuse": Act((S.IN_REVIEW,), S.NOT_CONFORM, P.REVIEWER, "Non conforme"),
        "confirm": Act((S.TO_CONFIRM,), S.NOT_CONFORM, P.SECOND_AGENT, "Non conforme, confirmé"),
        "contradict": Act(
            (S.TO_CONFIRM,), S.IN_REVIEW, P.SECOND_AGENT, "Non-conformité non confirmée"
        ),
        "reopen": Act((S.CONFORM,), S.IN_REVIEW, P.LEADER, "Instruction rouverte"),
    },
)
RELEASING = ("confirm",)
"""The acts that make a pending decision known to the Fournisseur."""

LABELS.update(
    {
        "pv.prepare": "PV préparé",
        "pv.edit": "Contenu du PV enregistré",
        "pv.replace": "Fichier signé remplacé",
        "pv.take_over": "PV repris à un autre agent",
        "pv.take_up": "Contrôle repris",
        "pv.assign": "PV affecté",
        "pv.hand_over": "PV confié au départ d'un agent",
    }
)


def shown(state: PVState, *, to_reviewer: bool) -> PVState:
    """The state as this reader may know it: a «non conforme» that waits for its second agent is
    the ANS's own affair, and may yet be contradicted. For anybody else the PV is being checked.
    """
    return S.IN_REVIEW if state == S.TO_CONFIRM and not to_reviewer else state


def readers_of(act: Act[PVState]) -> Readers:
    """A proposal that waits and a contradiction are the ANS's own; a confirmation is for all, and
    releases the proposal.
    """
    is_contradiction = S.TO_CONFIRM in act.sources and act.target == S.IN_REVIEW
    return Readers.ANS if act.target == S.TO_CONFIRM or is_contradiction else Readers.ALL
