"""Support tickets: declared, taken in charge, restored, corrected (DOMAIN §4).

Every act locks the row and computes again what the declaration and the rules decide. Whoever
answers withdraws the warnings that have not left yet.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import save_all_tracked, save_tracked
from journal.services.readings import check_fields
from mailing.enums import MailState
from mailing.models import OutgoingMail
from perf.engine.errors import EngineError
from perf.engine.rules import Rules
from perf.models import Service, Ticket
from perf.rules.guarantees import GUARANTEES, Due
from perf.rules.periods import NO_YEAR, is_computed
from perf.selectors.rules import dated_rules, rules_at, rules_known
from segur.lib import paris

logger = logging.getLogger(__name__)

CORRECTED = ("reference", "subject", "opened_at", "responded_at", "restored_at")
FUTURE = "Cet instant est à venir : indiquez quand cela s'est passé."
BEFORE = "Cet instant vient avant la déclaration."
NEEDS_RESPONSE = (
    "Un ticket se clôt avec sa déclaration, sa prise en charge et son rétablissement : indiquez "
    "aussi quand il a été pris en charge."
)
WARNED = tuple(f"{guarantee.code}_warned_at" for guarantee in GUARANTEES)
FOLLOWED = 200
WITHDRAWN = "Non envoyé : le ticket a été mis à jour entre-temps."


@transaction.atomic
def open_ticket(
    *,
    service: Service,
    reference: str,
    subject: str,
    opened_at: dt.datetime,
    responded_at: dt.datetime | None = None,
    restored_at: dt.datetime | None = None,
    by: By,
) -> Ticket:
    """Declare a ticket, live or after the fact. Due instants by the rules of its declaration."""
    ticket = Ticket(
        service=service,
        reference=reference,
        subject=subject,
        opened_at=opened_at,
        responded_at=responded_at,
        restored_at=restored_at,
        recorded_by=by.actor,
        recorded_by_name=by.name,
        recorded_at=by.at,
    )
    _save(ticket, by=by)
    return ticket


@transaction.atomic
def respond(*, ticket: Ticket, responded_at: dt.datetime, by: By) -> Ticket:
    """Record the «prise en charge», which stops the GTI."""
    row = _lock(ticket)
    if row.responded_at:
        raise ValidationError(
            f"Ce ticket est déjà pris en charge depuis le {paris.short(row.responded_at)} : "
            "corrigez-le si cet instant est faux."
        )
    row.responded_at = responded_at
    _save(row, by=by)
    return row


@transaction.atomic
def restore(
    *,
    ticket: Ticket,
    restored_at: dt.datetime,
    responded_at: dt.datetime | None = None,
    by: By,
) -> Ticket:
    """Record that the service is back, which stops the GTR and closes the ticket. `responded_at`
    is needed, and taken, where the «prise en charge» was not recorded yet.
    """
    row = _lock(ticket)
    if row.restored_at:
        raise ValidationError(
            f"Ce ticket est déjà rétabli depuis le {paris.short(row.restored_at)} : "
            "corrigez-le si cet instant est faux."
        )
    row.restored_at = restored_at
    row.responded_at = row.responded_at or responded_at
    _save(row, by=by)
    return row


@transaction.atomic
def correct(
    *,
    ticket: Ticket,
    reference: str,
    subject: str,
    opened_at: dt.datetime,
    responded_at: dt.datetime | None,
    restored_at: dt.datetime | None,
    read: str | None = None,
    by: By,
) -> Ticket:
    """Correct it; the journal keeps every earlier value. `read` is the stamp of what the person
    read, None where nobody did: see `journal.services.readings`.
    """
    row = _lock(ticket)
    check_fields(read, row, CORRECTED, what="modifié ce ticket")
    row.reference, row.subject = reference, subject
    row.opened_at, row.responded_at, row.restored_at = opened_at, responded_at, restored_at
    _save(row, by=by)
    return row


def _lock(ticket: Ticket) -> Ticket:
    return lock_row(ticket, "service__prestation__client")


def _save(ticket: Ticket, *, by: By) -> None:
    check(ticket, by.at)
    _recompute(ticket)
    if ticket.pk:
        _withdraw_warnings(ticket)
    save_tracked(ticket, by=by)


def save_tickets(tickets: Sequence[Ticket], *, by: By) -> None:
    """Tickets of a file, already checked and the stored ones locked: what `open_ticket` and
    `correct` do of each. Raises IntegrityError."""
    known, rules = rules_known(), dated_rules()
    stored = Ticket.objects.in_bulk([ticket.pk for ticket in tickets if ticket.pk])
    for ticket in tickets:
        ticket.recorded_at = ticket.recorded_at if ticket.pk else by.at
        finess = ticket.service.prestation.client.finess
        _compute(ticket, rules.at(ticket.opened_at).of(finess), known, stored.get(ticket.pk))
    for ticket in tickets:
        if ticket.pk and any(getattr(stored[ticket.pk], name) for name in WARNED):
            _withdraw_warnings(ticket)
    save_all_tracked(tickets, by=by)


def check(ticket: Ticket, now: dt.datetime) -> None:
    """Raises ValidationError by field, in French."""
    wrong: dict[str, Any] = {}
    for name in ("opened_at", "responded_at", "restored_at"):
        instant: dt.datetime | None = getattr(ticket, name)
        if instant is None:
            continue
        if not is_computed(paris.day(instant)):
            wrong[name] = NO_YEAR
        elif instant > now:
            wrong[name] = FUTURE
        elif instant < ticket.opened_at:
            wrong[name] = BEFORE
    if ticket.restored_at and not ticket.responded_at:
        wrong["responded_at"] = NEEDS_RESPONSE
    if wrong:
        raise ValidationError(wrong)


def _recompute(ticket: Ticket) -> None:
    before = Ticket.objects.filter(pk=ticket.pk).first()
    rules = rules_at(ticket.opened_at, client=ticket.service.prestation.client)
    _compute(ticket, rules, rules_known(), before)


def _compute(ticket: Ticket, rules: Rules, known: int, before: Ticket | None) -> None:
    """The instants that follow from the declaration. A guarantee whose due instant moves, or that
    runs again, is warned of again.
    """
    ticket.rules_known = known
    for guarantee in GUARANTEES:
        for name, instant in vars(guarantee.due(ticket.opened_at, rules)).items():
            setattr(ticket, f"{guarantee.code}_{name}", instant)
    for guarantee in GUARANTEES if before else ():
        due, done = f"{guarantee.code}_due_at", guarantee.done
        moved = getattr(before, due) != getattr(ticket, due)
        runs_again = getattr(before, done) and not getattr(ticket, done)
        if moved or runs_again:
            setattr(ticket, f"{guarantee.code}_warned_at", None)


def follow_rules(*, now: dt.datetime) -> int:
    """Computes again the tickets computed before the last change of the rules: one whose date of
    effect is past changes when they were due. Those that run first, FOLLOWED in one call. Returns
    how many moved.

    One that cannot be computed is logged, and keeps no other from being warned of.
    """
    stale = Ticket.objects.exclude(rules_known=rules_known())
    running_first = stale.order_by(F("restored_at").desc(nulls_first=True), "pk")
    moved = 0
    for pk in list(running_first.values_list("pk", flat=True)[:FOLLOWED]):
        try:
            moved += _follow(pk, now)
        except (EngineError, ValidationError):
            logger.exception("ticket %s cannot follow the rules", pk)
    return moved


@transaction.atomic
def _follow(pk: int, now: dt.datetime) -> bool:
    """A mail that waits with an instant that moved is withdrawn, and written again."""
    ticket = _lock(Ticket(pk=pk))
    before = _instants(ticket)
    _recompute(ticket)
    if _instants(ticket) == before:
        Ticket.objects.filter(pk=pk).update(rules_known=ticket.rules_known)
        return False
    _withdraw_warnings(ticket)
    save_tracked(ticket, by=By.clock(now))
    return True


def _instants(ticket: Ticket) -> list[dt.datetime]:
    names = [field.name for field in fields(Due)]
    return [getattr(ticket, f"{one.code}_{name}") for one in GUARANTEES for name in names]


def _withdraw_warnings(ticket: Ticket) -> None:
    """The last mails no longer hold. A guarantee that still runs, and whose mail was
    withdrawn with the other's, is warned of again by the next run.
    """
    waiting = OutgoingMail.objects.filter(
        dedupe_key__startswith=mail_key(ticket), state=MailState.QUEUED
    )
    keys = list(waiting.select_for_update().values_list("dedupe_key", flat=True))
    waiting.filter(dedupe_key__in=keys).update(state=MailState.CANCELLED, error=WITHDRAWN)
    for guarantee in GUARANTEES:
        if any(f":{guarantee.code}:" in str(key) for key in keys):
            setattr(ticket, f"{guarantee.code}_warned_at", None)


def mail_key(ticket: Ticket) -> str:
    """How the dedupe keys of a ticket's warnings start."""
    return f"ticket:{ticket.pk}:"
