"""Issuing a «relevé PERF»: frozen with its rules, its outages and the version of the engine."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from calendar_app.models import Prestation
from journal.rules.by import By
from perf.engine.score import perf_text
from perf.models import Service, Statement
from perf.rules.periods import ObservationPeriod
from perf.selectors.situations import measured_since, unmeasured
from perf.selectors.statements import (
    details,
    facts,
    newest,
    subject,
    to_confirm,
)
from perf.services.outages import lock
from perf.statements.document import compose, local
from segur.lib import paris
from segur.lib.canonical import canonical, digest

NO_SERVICE = (
    "Cette prestation n'a pas de service supervisé : sans mesure, il n'y a rien à relever. "
    "Déclarez d'abord son service."
)
ALREADY = (
    "Le relevé {number} a déjà été établi pour cette période le {at}. Pour le remplacer, "
    "indiquez le motif."
)


@transaction.atomic
def issue(
    *,
    prestation: Prestation,
    period: ObservationPeriod,
    by: By,
    reason: str = "",
) -> Statement:
    """A statement of the period as known at `now`; replacing the one before needs a reason.

    The service is locked as every act on its outages locks it: nothing moves while the statement is
    drawn up, and of two people who issue at the same second the second one finds the statement of
    the first. Raises ValidationError.
    """
    service = Service.objects.filter(prestation=prestation).first()
    if service is None:
        raise ValidationError(NO_SERVICE)
    service = lock(service)
    if why := unmeasured(measured_since(service), period, by.at):
        raise ValidationError({"period": why})
    before, reason = newest(prestation, period=period), reason.strip()
    if before and not reason:
        at = paris.minute(before.issued_at)
        raise ValidationError({"reason": ALREADY.format(number=before.number, at=at)})
    statement = Statement(
        prestation=prestation,
        number=uuid.uuid4().hex[:30],  # until the row has its own
        period_start=period.start,
        period_end=period.end,
        counted_us=0,
        replaces=before,
        reason=reason if before else "",
        issued_at=by.at,
        issued_by=by.actor,
        issued_by_name=by.name,
    )
    statement.save()
    service.outages.exclude(slip_until=None).update(slip_until=None)  # a statement rests on them
    _freeze(statement, service, period)
    return statement


def _freeze(statement: Statement, service: Service, period: ObservationPeriod) -> None:
    """Give the statement its number, its document and what the lists repeat of it."""
    now = statement.issued_at
    statement.number = f"PERF-{paris.day(now).year}-{statement.pk:06}"
    found = facts(service, period=period, now=now)
    document = compose(
        [found.situation.simulation, found.other.simulation],
        details(found.situation),
        name=statement.number,
        period=period.label,
        issued_by=statement.issued_by_name,
        prestation=subject(service),
        provisional=found.provisional,
        to_confirm=to_confirm(at=found.at),
        replaces=_replaced(statement),
    )
    figure = found.situation.figure
    statement.base = document["base"]
    statement.counted_us = figure.counted
    statement.perf = perf_text(figure.perf)
    statement.is_provisional = bool(found.provisional)
    statement.document = canonical(document).decode()
    statement.sha256 = digest(document)
    statement.save()


def _replaced(statement: Statement) -> dict[str, Any] | None:
    before = statement.replaces
    if before is None:
        return None
    return {
        "number": before.number,
        "sha256": before.sha256,
        "issued_at": local(before.issued_at),
        "reason": statement.reason,
    }
