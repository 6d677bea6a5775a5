"""The workflow of a lost second factor: asked for by another, done after a delay."""

from enum import Enum

from accounts.enums import ResetState
from journal.rules.workflow import LABELS, Act, Workflow


class ResetParty(Enum):
    """Who acts, in the words of a refusal."""

    CONCERNED = "la personne concernée, un Mandataire ou un Responsable de l'ANS"
    CLOCK = "le site, à la fin du délai,"


S = ResetState

RESET = Workflow(
    "factor_reset",
    {
        "cancel": Act((S.WAITING,), S.CANCELLED, ResetParty.CONCERNED, "Réinitialisation annulée"),
        "lapse": Act(
            (S.WAITING,),
            S.CANCELLED,
            ResetParty.CLOCK,
            "Réinitialisation abandonnée",
        ),
        "finish": Act((S.WAITING,), S.DONE, ResetParty.CLOCK, "Double authentification retirée"),
    },
)
LABELS["factor_reset.ask"] = "Réinitialisation d'une double authentification demandée"
