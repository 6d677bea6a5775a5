"""The workflows of a deadline and of a computed delay (DESIGN «Deadline»)."""

from enum import Enum

from calendar_app.enums import State
from journal.rules.workflow import LABELS, Act, Workflow


class DeadlineParty(Enum):
    """Who acts, in the words of a refusal."""

    PREPARES = "un membre de l'organisation"
    FILES = "un Représentant ou un Mandataire de l'organisation"
    AGENT = "un agent de l'ANS"
    RULE = "qui agit sur la page du délai"


S = State
TO_FILE = (S.TO_DO, S.DRAFT, S.TO_CORRECT)

DEADLINE = Workflow(
    "deadline",
    {
        "draft": Act((S.TO_DO,), S.DRAFT, DeadlineParty.PREPARES, "Brouillon enregistré"),
        "abandon": Act((S.DRAFT,), S.TO_DO, DeadlineParty.PREPARES, "Brouillon abandonné"),
        "file": Act(TO_FILE, S.FILED, DeadlineParty.FILES, "Dépôt enregistré"),
        "set_aside": Act(TO_FILE, S.NOT_APPLICABLE, DeadlineParty.FILES, "Déclarée sans objet"),
        "resume": Act((S.NOT_APPLICABLE,), S.TO_DO, DeadlineParty.FILES, "De nouveau à faire"),
        "accept": Act((S.FILED,), S.ACCEPTED, DeadlineParty.AGENT, "Validé", decides=True),
        "correct": Act((S.FILED,), S.TO_CORRECT, DeadlineParty.AGENT, "À corriger", decides=True),
        "refuse": Act((S.FILED,), S.REFUSED, DeadlineParty.AGENT, "Refusé", decides=True),
        "reopen": Act(
            (S.REFUSED,),
            S.TO_CORRECT,
            DeadlineParty.AGENT,
            "Refus rouvert à la correction",
            decides=True,
        ),
    },
)
"""A draft that corrects leaves the state at «à corriger»."""

DELAY = Workflow(
    "delay",
    {
        "keep": Act((S.TO_DO,), S.ACCEPTED, DeadlineParty.RULE, "Délai tenu"),
        "give_up": Act((S.TO_DO,), S.NOT_APPLICABLE, DeadlineParty.RULE, "Délai abandonné"),
        "run_again": Act(
            (S.ACCEPTED, S.NOT_APPLICABLE), S.TO_DO, DeadlineParty.RULE, "Délai rouvert"
        ),
    },
)
"""A computed delay is kept or given up where it was opened, and nothing is filed."""

DECISIONS = {S.ACCEPTED: "accept", S.TO_CORRECT: "correct", S.REFUSED: "refuse"}
"""Outcome of the ANS → the act that gives it."""

LABELS.update(
    {
        "solution.create": "Solution enregistrée",
        "solution.edit": "Solution modifiée",
        "supplier.create": "Fournisseur enregistré",
        "supplier.edit": "Droits d'un Fournisseur modifiés",
        "prestation.create": "Prestation enregistrée",
        "prestation.edit": "Prestation modifiée",
    }
)
