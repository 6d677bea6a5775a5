"""The workflow of an outage: contested, then decided by the ANS (DOMAIN §4)."""

from enum import Enum

from journal.rules.workflow import LABELS, Act, Workflow
from perf.enums import Standing


class OutageActor(Enum):
    """Who acts, in the words of a refusal."""

    BINDS = "un Représentant ou un Mandataire du Fournisseur"
    REOPENS = "un Représentant ou un Mandataire du Fournisseur, ou un agent de l'ANS,"
    AGENT = "un agent de l'ANS"


S = Standing

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
IMPORT, TOLD = "outage.import", "outage.told"
ATTACH, MERGE, SEPARATE = "outage.attach", "outage.merge", "outage.separate"

LABELS.update(
    {
        RECORD: "Indisponibilité enregistrée",
        BESIDE: "Version ajoutée",
        REVISE: "Version modifiée",
        IMPORT: "Indisponibilités importées",
        TOLD: "Écart dit par la supervision",
        ATTACH: "Pièces jointes à une indisponibilité",
        MERGE: "Indisponibilités rapprochées",
        SEPARATE: "Version séparée",
    }
)


def bulk_key(pk: int) -> str:
    """Where the values of a version stand in the entry of a file. The databases would read a number
    alone as a place in a list."""
    return f"v{pk}"
