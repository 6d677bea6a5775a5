"""The workflow of a publication: proposed by the PV, published or withdrawn by the ANS."""

from enum import Enum

from journal.enums import Readers
from journal.rules.workflow import LABELS, Act, Workflow
from pilots.enums import PublicationState


class Publisher(Enum):
    LEADER = "un responsable de l'ANS étranger à la solution"
    RULE = "qui rouvre l'instruction d'un PV"


S = PublicationState
PUBLICATION = Workflow(
    "publication",
    {
        "publish": Act((S.PROPOSED,), S.PUBLISHED, Publisher.LEADER, "Publiée", decides=True),
        "withdraw": Act(
            (S.PUBLISHED,), S.WITHDRAWN, Publisher.LEADER, "Publication retirée", decides=True
        ),
        "set_aside": Act(
            (S.PROPOSED,), S.WITHDRAWN, Publisher.LEADER, "Proposition écartée", decides=True
        ),
        "retract": Act(
            (S.PROPOSED,), S.WITHDRAWN, Publisher.RULE, "Proposition close : plus justifiée"
        ),
    },
)
LABELS.update(
    {
        "publication.propose": "Publication proposée",
        "publication.propose_again": "Publication proposée de nouveau",
    }
)


def readers_of(act: str) -> Readers:
    """Nobody but the ANS knows of a proposal."""
    return Readers.ALL if act in ("publish", "withdraw") else Readers.ANS
