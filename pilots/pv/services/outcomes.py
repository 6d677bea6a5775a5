"""The effects of a final decision on a PV, and who is notified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from accounts.models import User
from accounts.selectors.people import people_of
from journal.rules.by import By
from mailing.rules import DECISION_MAIL
from mailing.services.mail import tell
from pilots.enums import PVState
from pilots.pv.models import PilotPV, PVDecision
from pilots.pv.services.publications import propose


class Reason(TypedDict):
    """Why a mention is not conforme; `kind` is a ReasonKind, the labels are kept as they were."""

    code: str
    label: str
    kind: str
    kind_label: str
    text: str


def reason_line(reason: Reason) -> str:
    """«Client : absente. Le FINESS manque.»"""
    line = f"{reason['label']} : {reason['kind_label'].lower()}."
    return f"{line} {reason['text']}" if reason["text"] else line


def conclude(pv: PilotPV, decision: PVDecision, *, by: By) -> None:
    """A final decision: its instant, the Fournisseur notified, the publication proposed."""
    pv.decided_at = by.at
    pv.save(update_fields=["decided_at"])
    context = {
        "decision": decision,
        "is_conform": decision.outcome == PVState.CONFORM,
        "reasons": [reason_line(reason) for reason in decision.reasons],
    }
    members = people_of(pv.organisation_id)
    tell_about(pv, "pv_decision", members, context, key=f"pv-decision:{decision.pk}", by=by)
    if decision.outcome == PVState.CONFORM:
        propose(supplier=pv.pilot.prestation.supplier, now=by.at)


def tell_about(
    pv: PilotPV,
    template: str,
    people: Iterable[User],
    context: Mapping[str, Any],
    *,
    key: str,
    by: By,
) -> None:
    """Once for each `key` and person."""
    tell(
        people,
        kind=DECISION_MAIL,
        template=template,
        context={"pv": pv, "prestation": pv.pilot.prestation, **context},
        key=key,
        about=pv,
        by=by,
    )
