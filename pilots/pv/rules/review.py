"""The workflow of a PV: who does what, from which state: one table for services, pages and tests.

DOMAIN §5: the Fournisseur prepares and sends, the Client signs, the ANS checks conformity.
"""

from enum import Enum

from journal.enums import Readers
from journal.rules.workflow import LABELS, Act, Workflow
from pilots.enums import PENDING_STATES, PVState


class ReviewParty(Enum):
    """Who does it, in the words of a refusal."""

    PREPARES = "un membre du Fournisseur"
    BINDS = "un Représentant ou un Mandataire du Fournisseur"
    AGENT = "un agent de l'ANS étranger au Fournisseur et à l'éditeur"
    REVIEWER = "l'agent de l'ANS qui instruit ce PV"
    SECOND_AGENT = "un autre agent de l'ANS que celui qui a proposé la décision"
    AUTHOR = "l'auteur de la décision en attente"
    CLOCK = "l'application"
    LEADER = "un responsable de l'ANS étranger au Fournisseur et à l'éditeur"


SUPPLIER_PARTIES = (ReviewParty.PREPARES, ReviewParty.BINDS)

S, P = PVState, ReviewParty


def _decision(source: PVState, target: PVState, who: ReviewParty, words: str) -> Act[PVState]:
    return Act((source,), target, who, words, decides=True)


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
        "accept": _decision(S.IN_REVIEW, S.TO_TAKE_EFFECT, P.REVIEWER, "Déclaré conforme"),
        "propose": _decision(S.IN_REVIEW, S.TO_CONFIRM, P.REVIEWER, "Non conforme, à confirmer"),
        "refuse": _decision(S.IN_REVIEW, S.NOT_CONFORM, P.REVIEWER, "Non conforme"),
        "take_effect": Act((S.TO_TAKE_EFFECT,), S.CONFORM, P.CLOCK, "Conforme"),
        "recall": Act((S.TO_TAKE_EFFECT,), S.IN_REVIEW, P.AUTHOR, "Décision reprise"),
        "confirm": _decision(S.TO_CONFIRM, S.NOT_CONFORM, P.SECOND_AGENT, "Non conforme, confirmé"),
        "contradict": _decision(
            S.TO_CONFIRM, S.IN_REVIEW, P.SECOND_AGENT, "Non-conformité non confirmée"
        ),
        "retract": Act(
            (S.TO_CONFIRM,), S.IN_REVIEW, P.AUTHOR, "Proposition de non-conformité retirée"
        ),
        "lapse": Act(
            (S.TO_CONFIRM,), S.IN_REVIEW, P.CLOCK, "Proposition rendue : confirmation plus demandée"
        ),
        "reopen": _decision(S.CONFORM, S.IN_REVIEW, P.LEADER, "Instruction rouverte"),
    },
)
RELEASING = {"confirm": "pv.propose", "take_effect": "pv.accept"}
"""The acts that make a pending decision known to the Fournisseur → the act that made it."""

LABELS.update(
    {
        "pv.prepare": "PV préparé",
        "pv.edit": "Contenu du PV enregistré",
        "pv.replace": "Fichier signé remplacé",
        "pv.take_over": "PV repris à un autre agent",
        "pv.take_up": "Contrôle repris",
        "pv.assign": "PV affecté",
        "pv.ask_second": "Confirmation demandée à un agent",
        "pv.hand_over": "PV confié au départ d'un agent",
    }
)


def shown(state: PVState, *, to_reviewer: bool) -> PVState:
    """The state as this reader may know it: a decision that is pending is the ANS's own affair, and
    may yet change. For anybody else the PV is being checked.
    """
    return S.IN_REVIEW if state in PENDING_STATES and not to_reviewer else state


def readers_of(act: Act[PVState]) -> Readers:
    """A pending decision, and its end without effect, are the ANS's own; what makes it final is for
    all, and releases it.
    """
    ends_unseen = act.target == S.IN_REVIEW and set(act.sources) <= set(PENDING_STATES)
    return Readers.ANS if act.target in PENDING_STATES or ends_unseen else Readers.ALL
