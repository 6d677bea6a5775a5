"""Where the demandes de financement and de paiement de l'avance stand with the ASP.

They are deposited on the ASP's own portal: what happens there is recorded here, with its day.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from calendar_app.rules.filing import EARLIEST_DEPOSIT
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import save_tracked
from journal.services.readings import check_fields
from pilots.enums import ASP_TRANSITIONS, VALIDATED_BY_ASP, AspRequestState
from pilots.pv.models import AspRequest
from pilots.pv.services.publications import propose
from segur.lib import paris

RECORDED = ("state", "on", "reference", "note")
ASKED_AGAIN = (AspRequestState.INCOMPLETE, AspRequestState.TO_MODIFY)
"""The states in which the ASP asks for something: in any other, what it asked is behind."""

NOT_ALLOWED = "{kind} : elle est « {before} », elle ne peut pas devenir « {to} ». {allowed}"
IF_WRONG = "Si l'état enregistré était faux, écrivez le motif de la correction."
FUTURE = "Ce jour est dans le futur : on enregistre ce qui est déjà fait."
TOO_OLD = "Vérifiez l'année : rien ne se déposait en {year}."
BACKWARDS = (
    "« {before} » date du {day:%d/%m/%Y} : ce qui suit ne peut pas être d'un jour antérieur."
)


@transaction.atomic
def record(
    request: AspRequest,
    *,
    to: AspRequestState,
    on: dt.date,
    by: By,
    reference: str = "",
    note: str = "",
    mistake: str = "",
    read: str | None = None,
) -> AspRequest:
    """Record the state that the request took at the ASP on the day `on`; the same state corrects
    its day, number or note. Raises ValidationError, with the states allowed for any other move.

    `mistake`: why the state recorded was wrong; any other may then take its place. `read` is the
    stamp of what the person read: see `readings`.
    """
    row = lock_row(request)
    check_fields(read, row, RECORDED, what="modifié cette demande")
    before = AspRequestState(row.state)
    is_correction = to == before != AspRequestState.TO_DEPOSIT
    is_mistake = bool(mistake.strip()) and to != before
    if not (is_correction or is_mistake or to in ASP_TRANSITIONS[before]):
        raise ValidationError({"state": _refusal(row, before, to)}, code="transition")
    since = None if is_mistake else _since(row, before, is_correction=is_correction)
    _check_day(on, since=since, before=before, now=by.at)
    row.state, row.reference = to, reference
    row.note = note if to in ASKED_AGAIN else ""
    _keep_days(row, to, on)
    reason = mistake.strip() if is_mistake else ""
    save_tracked(row, by=by, reason=reason, label=f"{row} · {row.prestation}")
    if to in VALIDATED_BY_ASP:
        propose(supplier=row.prestation.supplier, now=by.at)
    return row


def following(request: AspRequest) -> list[AspRequestState]:
    """What may be recorded now: the next states, then the present one to correct it."""
    state = AspRequestState(request.state)
    again = [state] if state != AspRequestState.TO_DEPOSIT else []
    return [*ASP_TRANSITIONS[state], *again]


def _keep_days(row: AspRequest, to: AspRequestState, on: dt.date) -> None:
    row.on = None if to == AspRequestState.TO_DEPOSIT else on
    if to == AspRequestState.DEPOSITED:
        row.deposited_on = on
    elif to == AspRequestState.TO_DEPOSIT:
        row.deposited_on = None
    if to == AspRequestState.VALIDATED:
        row.validated_on = on
    elif to not in VALIDATED_BY_ASP:
        row.validated_on = None


def _refusal(row: AspRequest, before: AspRequestState, to: AspRequestState) -> str:
    states = ", ".join(f"« {state.label} »" for state in ASP_TRANSITIONS[before])
    allowed = f"États possibles : {states}." if states else "C'est son dernier état."
    refusal = NOT_ALLOWED.format(
        kind=row.get_kind_display(), before=before.label, to=to.label, allowed=allowed
    )
    return f"{refusal} {IF_WRONG}"


def _since(row: AspRequest, before: AspRequestState, *, is_correction: bool) -> dt.date | None:
    """The day before which the new state cannot be: that of the present one, or, where this one is
    corrected, of what came before it as far as it is kept.
    """
    if not is_correction:
        return row.on
    if before == AspRequestState.PAID:
        return row.validated_on
    return row.deposited_on if before != AspRequestState.DEPOSITED else None


def _check_day(
    on: dt.date, *, since: dt.date | None, before: AspRequestState, now: dt.datetime
) -> None:
    if on > paris.day(now):
        raise ValidationError({"on": FUTURE})
    if on < EARLIEST_DEPOSIT:
        raise ValidationError({"on": TOO_OLD.format(year=on.year)})
    if since and on < since:
        raise ValidationError({"on": BACKWARDS.format(before=before.label, day=since)})
