"""The workflows of an invitation and of a key of the API, whose states follow from their dates."""

from enum import Enum

from accounts.enums import InvitationState, KeyState
from journal.rules.workflow import LABELS, Act, Workflow


class AccessParty(Enum):
    """Who acts, in the words of a refusal."""

    MANAGES = "un Mandataire de l'organisation ou un Responsable de l'ANS"
    INVITED = "la personne invitée"
    LEADS = "un Mandataire de l'organisation ou, à l'ANS, un Responsable"
    ENDS = "qui gère les clés ou les membres de l'organisation"


S, K = InvitationState, KeyState
UNUSED = (S.PENDING, S.EXPIRED)

INVITATION = Workflow(
    "invitation",
    {
        "resend": Act(UNUSED, S.PENDING, AccessParty.MANAGES, "Invitation renvoyée"),
        "revoke": Act((*UNUSED, S.REVOKED), S.REVOKED, AccessParty.MANAGES, "Invitation retirée"),
        "accept": Act((S.PENDING,), S.ACCEPTED, AccessParty.INVITED, "Invitation acceptée"),
    },
)
"""While its organisation is closed one reads «retirée», and can be withdrawn for good."""

KEY = Workflow(
    "key",
    {
        "take": Act((K.ACTIVE,), K.ACTIVE, AccessParty.LEADS, "Clé d'API reprise"),
        "revoke": Act((K.ACTIVE, K.ENDED), K.REVOKED, AccessParty.ENDS, "Clé d'API retirée"),
    },
)
LABELS.update({"invitation.send": "Invitation envoyée", "key.create": "Clé d'API créée"})
