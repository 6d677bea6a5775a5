"""The workflow of an outage: contested, then decided by the ANS (DOMAIN §4)."""

from enum import Enum

from journal.rules.workflow import LABELS, Act, Workflow
from perf.enums import CorrectionState, OutageStanding


class OutageActor(Enum):
    """Who acts, in the words of a refusal."""

    BINDS = "un Représentant ou un Mandataire du Fournisseur"
    REOPENS = "un Représentant ou un Mandataire du Fournisseur, ou un agent de l'ANS,"
    RECORDS = "un membre du Fournisseur, ou un agent de l'ANS,"
    AGENT = "un agent de l'ANS"


S = OutageStanding

OUTAGE = Workflow(
    "outage",
    {
        "contest": Act(
            (S.UNCONTESTED,), S.CONTESTED, OutageActor.BINDS, "Indisponibilité contestée"
        ),
        "reopen": Act(
            (S.RETAINED, S.NOT_RETAINED),
            S.CONTESTED,
            OutageActor.REOPENS,
            "Contestation rouverte",
        ),
        "retain": Act(
            (S.CONTESTED,), S.RETAINED, OutageActor.AGENT, "Indisponibilité retenue", decides=True
        ),
        "set_aside": Act(
            (S.CONTESTED,),
            S.NOT_RETAINED,
            OutageActor.AGENT,
            "Indisponibilité non retenue",
            decides=True,
        ),
    },
)

RECORD, BESIDE, REVISE = "outage.record", "outage.version", "outage.revise"
IMPORT, REPORT = "outage.import", "outage.told"
ATTACH, MERGE, SEPARATE = "outage.attach", "outage.merge", "outage.separate"

LABELS.update(
    {
        RECORD: "Indisponibilité enregistrée",
        BESIDE: "Version ajoutée",
        REVISE: "Version modifiée",
        IMPORT: "Indisponibilités importées",
        REPORT: "Écart dit par la supervision",
        ATTACH: "Pièces jointes à une indisponibilité",
        MERGE: "Indisponibilités rapprochées",
        SEPARATE: "Version séparée",
        "service.create": "Service supervisé enregistré",
        "service.edit": "Service supervisé modifié",
        "ticket.create": "Ticket déclaré",
        "ticket.edit": "Ticket modifié",
        "ratio.create": "Mois de PERFm ou PERFe saisi",
        "ratio.edit": "Mois de PERFm ou PERFe corrigé",
    }
)


class CorrectionActor(Enum):
    """Who acts, in the words of a refusal."""

    RECORDS = "un membre du Fournisseur, ou un agent de l'ANS,"
    ASKS = "un membre de l'organisation qui l'a demandée"
    AGENT = "un agent de l'ANS"


C = CorrectionState

CORRECTION = Workflow(
    "correction",
    {
        "replace": Act(
            (C.PENDING,), C.REPLACED, CorrectionActor.RECORDS, "Correction à la baisse remplacée"
        ),
        "withdraw": Act(
            (C.PENDING,), C.WITHDRAWN, CorrectionActor.ASKS, "Correction à la baisse retirée"
        ),
        "accept": Act(
            (C.PENDING,),
            C.ACCEPTED,
            CorrectionActor.AGENT,
            "Correction à la baisse acceptée",
            decides=True,
        ),
        "refuse": Act(
            (C.PENDING,),
            C.REFUSED,
            CorrectionActor.AGENT,
            "Correction à la baisse refusée",
            decides=True,
        ),
    },
)
"""Of what lowers D_f, asked by a party (DESIGN «PERF engine»)."""

PROPOSE, PROPOSE_FILE = "correction.propose", "correction.import"

LABELS.update(
    {
        PROPOSE: "Correction à la baisse demandée",
        PROPOSE_FILE: "Corrections à la baisse demandées par un fichier",
    }
)


def bulk_key(pk: int) -> str:
    """Where the values of a version stand in the entry of a file. The databases would read a number
    alone as a place in a list."""
    return f"v{pk}"
