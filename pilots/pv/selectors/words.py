"""What a page calls the states of a pilot, and the colour it gives them."""

from __future__ import annotations

from pilots.enums import AspRequestState, PVState, SignatureState
from segur.lib.remaining import Meaning

PV_MEANINGS = {
    PVState.DRAFT: Meaning.NEUTRAL,
    PVState.SIGNED: Meaning.TO_COME,
    PVState.SENT: Meaning.TO_COME,
    PVState.IN_REVIEW: Meaning.TO_COME,
    PVState.TO_CONFIRM: Meaning.SOON,
    PVState.TO_TAKE_EFFECT: Meaning.TO_COME,
    PVState.CONFORM: Meaning.DONE,
    PVState.NOT_CONFORM: Meaning.LATE,
    PVState.ABANDONED: Meaning.NEUTRAL,
}
REQUEST_MEANINGS = {
    AspRequestState.TO_DEPOSIT: Meaning.NEUTRAL,
    AspRequestState.DEPOSITED: Meaning.TO_COME,
    AspRequestState.INCOMPLETE: Meaning.SOON,
    AspRequestState.TO_MODIFY: Meaning.SOON,
    AspRequestState.VALIDATED: Meaning.DONE,
    AspRequestState.PAID: Meaning.DONE,
}
SHORT = {
    PVState.SIGNED: "Signé",
    PVState.SENT: "Transmis",
    PVState.TO_CONFIRM: "À confirmer",
    PVState.TO_TAKE_EFFECT: "Conforme, différé",
    AspRequestState.VALIDATED: "Validée",
}
"""For the cells of a table, where the label is longer."""

SIGNATURE_MEANINGS = {
    SignatureState.VALID: Meaning.DONE,
    SignatureState.UNTRUSTED: Meaning.SOON,
    SignatureState.UNKNOWN: Meaning.SOON,
    SignatureState.PREPARED: Meaning.SOON,
    SignatureState.NONE: Meaning.NEUTRAL,
    SignatureState.BROKEN: Meaning.LATE,
    SignatureState.UNREAD: Meaning.TO_COME,
}
SIGNATURE_SHORT = {
    SignatureState.VALID: "Valide",
    SignatureState.BROKEN: "Modifié après signature",
    SignatureState.UNTRUSTED: "Auteur non vérifiable",
    SignatureState.UNKNOWN: "Non vérifiable",
    SignatureState.PREPARED: "Préparée, jamais apposée",
    SignatureState.NONE: "Manuscrite",
    SignatureState.UNREAD: "En cours de lecture",
}
