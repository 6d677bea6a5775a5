"""What a VA, a notification and a validation may say (DOMAIN §6). Each problem is a sentence, under
the name of the field that it is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from journal.rules.workflow import LABELS
from pilots.enums import VACase

ACTS = {
    "record": "VA enregistrée",
    "correct": "VA corrigée",
    "notify": "Notification du Client",
    "correct_notification": "Notification corrigée",
    "withdraw_notification": "Notification retirée",
    "validate": "Condition validée par le Client",
    "undo_validation": "Validation annulée",
    "complete": "Toutes les conditions reportées sont validées",
}
"""Each act on a VA, by the end of its name in the journal, and its words there."""
LABELS.update({f"va.{name}": words for name, words in ACTS.items()})

FUTURE = "Cette date est dans le futur : enregistrez-la quand ce sera fait."
BEFORE_FINALISED = (
    "La VA ne peut pas être signée avant que la prestation soit finalisée, le {day:%d/%m/%Y}."
)
RIS_NOT_READY = (
    "Le RIS n'est en Vague 2 que depuis le {day:%d/%m/%Y}, après la finalisation : c'est le cas 2, "
    "avec des conditions reportées."
)
RIS_WAS_READY = (
    "Le RIS était déjà en Vague 2 le {day:%d/%m/%Y}, quand la prestation a été finalisée : c'est "
    "le cas 1, et toutes les conditions sont à vérifier."
)
RIS_UNDATED = "Indiquez depuis quand le RIS est en Vague 2 : le cas 1 en dépend."
NOTHING_REPORTED = (
    "Dans le cas 2, au moins une condition est reportée : cochez celles qui n'ont pas pu être "
    "vérifiées."
)
SOMETHING_REPORTED = (
    "Dans le cas 1, toutes les conditions sont vérifiées : décochez celles-ci, ou choisissez le "
    "cas 2."
)
BEFORE_VA = (
    "La VA a été signée le {day:%d/%m/%Y} : une notification d'avant cette date ne fait pas courir "
    "le délai."
)
BEFORE_NOTIFICATION = (
    "Le Client a notifié la mise à jour du RIS le {day:%d/%m/%Y} : les conditions reportées ne se "
    "valident pas avant."
)


@dataclass(frozen=True)
class VADeclaration:
    """What a VA says. `reported` are the codes of the conditions that could not be verified."""

    case: VACase
    finalised_on: dt.date
    signed_on: dt.date
    signatory_name: str
    ris_vague2_on: dt.date | None = None
    signatory_role: str = ""
    comment: str = ""
    reported: frozenset[str] = frozenset()


Problems = dict[str, str]


def va_problems(declared: VADeclaration, *, today: dt.date) -> Problems:
    """Why this VA cannot be recorded; empty when it can."""
    found = {}
    for name in ("finalised_on", "ris_vague2_on", "signed_on"):
        day = getattr(declared, name)
        if day and day > today:
            found[name] = FUTURE
    if declared.signed_on < declared.finalised_on:
        found.setdefault("signed_on", BEFORE_FINALISED.format(day=declared.finalised_on))
    by_case = _case_1 if declared.case == VACase.ALL_VERIFIED else _case_2
    return {**by_case(declared), **found}


def _case_1(declared: VADeclaration) -> Problems:
    found = {"reported": SOMETHING_REPORTED} if declared.reported else {}
    if declared.ris_vague2_on is None:
        found["ris_vague2_on"] = RIS_UNDATED
    elif declared.ris_vague2_on > declared.finalised_on:
        found["case"] = RIS_NOT_READY.format(day=declared.ris_vague2_on)
    return found


def _case_2(declared: VADeclaration) -> Problems:
    if declared.ris_vague2_on and declared.ris_vague2_on <= declared.finalised_on:
        return {"case": RIS_WAS_READY.format(day=declared.ris_vague2_on)}
    return {} if declared.reported else {"reported": NOTHING_REPORTED}


def notification_problems(day: dt.date, *, signed_on: dt.date, today: dt.date) -> Problems:
    """Why the Client's notification cannot bear this Paris day."""
    if day > today:
        return {"notified_on": FUTURE}
    return {"notified_on": BEFORE_VA.format(day=signed_on)} if day < signed_on else {}


def validation_problems(day: dt.date, *, notified_on: dt.date, today: dt.date) -> Problems:
    """Why the Client's validation of a reported condition cannot bear this day."""
    if day > today:
        return {"validated_on": FUTURE}
    if day < notified_on:
        return {"validated_on": BEFORE_NOTIFICATION.format(day=notified_on)}
    return {}
