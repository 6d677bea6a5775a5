"""The outcome of a correction that lowers D_f: the ANS decides, or its author withdraws it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.selectors.people import people_of
from journal.enums import Origin
from journal.rules.by import By
from mailing.rules import DECISION_MAIL
from mailing.services.mail import tell
from perf.enums import CorrectionAct
from perf.models import Correction, Outage, OutageVersion
from perf.selectors.corrections import values_of
from perf.services.decisions import lock_outage, require_reason
from perf.services.merging import bring_together, take_out
from perf.services.outages import lock, update
from perf.services.proposals import CORRECTIONS
from perf.services.references import version_of

NO_DECISION = "Choisissez une décision."
CHANGED = (
    "Ce qui était demandé n'est plus possible depuis que l'indisponibilité a changé : refusez la "
    "correction."
)
DECISIONS = ("accept", "refuse")


@transaction.atomic
def decide(correction: Correction, *, decision: str, reason: str, by: By) -> Correction:
    """«accept» does the act as its author asked it; the Fournisseur is notified of both outcomes.

    Raises ValidationError: without a reason, for one of its parties, when it is decided already, or
    when what was asked can no longer be done.
    """
    if decision not in DECISIONS:
        raise ValidationError({"decision": NO_DECISION})
    require_reason(reason)
    lock(correction.service)
    row = CORRECTIONS.move(
        correction,
        decision,
        by=by,
        note=reason.strip(),
        decided_at=by.at,
        decided_by=by.actor,
        decided_by_name=by.name,
        decision_reason=reason.strip(),
    )
    if decision == "accept":
        _apply(row, _author(row, by.at))
    _tell(row, by)
    return row


@transaction.atomic
def withdraw(correction: Correction, *, by: By) -> Correction:
    """Its author or their organisation no longer asks for it; the Fournisseur is notified. Raises
    ValidationError once it is decided."""
    lock(correction.service)
    row = CORRECTIONS.move(
        correction,
        "withdraw",
        by=by,
        decided_at=by.at,
        decided_by=by.actor,
        decided_by_name=by.name,
    )
    _tell(row, by)
    return row


def _author(row: Correction, at: dt.datetime) -> By:
    """What was asked is signed by who asked it, at the instant from which it counts."""
    return By(at, row.proposed_by_name, row.proposed_by, None, Origin(row.origin), row.proposed_key)


def _apply(row: Correction, by: By) -> None:
    values = row.values
    match row.act:
        case CorrectionAct.RECORD:
            version = version_of(row.service, values["source"], values["reference"])
            if version is None:
                raise ValidationError(CHANGED)
            names = ("started_at", "ended_at", "cause")
            declared = {name: values_of(values)[name] for name in names}
            update(version, declared, values["nature"], by)
        case CorrectionAct.MERGE:
            found = Outage.objects.filter(pk__in=[values["kept"], values["gone"]])
            rows = {outage.pk: lock_outage(outage) for outage in found}
            if len(rows) < 2:  # noqa: PLR2004  (the two of a merge)
                raise ValidationError(CHANGED)
            bring_together(rows[values["kept"]], rows[values["gone"]], by=by)
        case CorrectionAct.SEPARATE:
            version = OutageVersion.objects.get(pk=values["version"])
            take_out(lock_outage(version.outage), version, by=by)


def _tell(row: Correction, by: By) -> None:
    """Every member of the Fournisseur."""
    prestation = row.service.prestation
    tell(
        people_of(prestation.organisation_id),
        kind=DECISION_MAIL,
        template="outage_correction",
        context={"correction": row, "prestation": prestation},
        key=f"outage-correction:{row.pk}",
        about=row,
        by=by,
    )
