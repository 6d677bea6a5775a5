"""The amounts of prestations: typed one by one, or pasted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation
from calendar_app.models import Amounts, Prestation
from calendar_app.rules.amount_lines import MAX_LINES, AmountLine, read_lines
from journal.rules.by import By
from journal.services.acts import lock_row, lock_rows
from journal.services.entries import write
from journal.services.readings import check_fields
from segur.lib import paris

FIELDS = ("advance", "balance", "advance_paid_on", "balance_paid_on")
NAMES = {
    "advance": "avance",
    "balance": "solde",
    "advance_paid_on": "paiement de l'avance",
    "balance_paid_on": "paiement du solde",
}


@transaction.atomic
def amounts_set(
    prestation: Prestation,
    *,
    advance: int | None,
    balance: int | None,
    advance_paid_on: dt.date | None = None,
    balance_paid_on: dt.date | None = None,
    read: str | None = None,
    by: By,
) -> Amounts:
    """In cents. The journal names what changed and not the figures: it has more readers than they.

    `read` is the stamp of what the person read: see `readings`. Raises ValidationError for a
    payment that is to come, or of an amount that is not given.
    """
    lock_row(prestation)
    row = Amounts.objects.filter(prestation=prestation).first() or Amounts(prestation=prestation)
    check_fields(read, row, FIELDS, what="modifié ces montants")
    given = {
        "advance": advance,
        "balance": balance,
        "advance_paid_on": advance_paid_on,
        "balance_paid_on": balance_paid_on,
    }
    _check(given, today=paris.day(by.at))
    changed = [name for name in FIELDS if getattr(row, name) != given[name]]
    for name in changed:
        setattr(row, name, given[name])
    row.full_clean()
    if changed:
        row.save()
        _journal([row], changed, by)
    return row


def _check(given: dict[str, int | dt.date | None], *, today: dt.date) -> None:
    errors = {}
    for amount, day in (("advance", "advance_paid_on"), ("balance", "balance_paid_on")):
        paid_on = given[day]
        if isinstance(paid_on, dt.date) and paid_on > today:
            errors[day] = "Cette date est à venir : indiquez le jour du paiement."
        elif paid_on and given[amount] is None:
            errors[amount] = "Indiquez le montant payé."
    if errors:
        raise ValidationError(errors)


def _journal(rows: Sequence[Amounts], changed: Sequence[str], by: By) -> None:
    """An entry without the figures."""
    write(
        rows[0],
        "amounts",
        by=by,
        what=f"Montants enregistrés : {', '.join(NAMES[name] for name in changed)}",
        after=dict.fromkeys(changed, "…"),
        many=rows if len(rows) > 1 else (),
    )


@dataclass(frozen=True)
class PlannedAmount:
    """A line of a paste with the prestation that it names, None while something is wrong."""

    line: AmountLine
    prestation: Prestation | None
    error: str


def plan_amounts(organisation: Organisation, text: str) -> list[PlannedAmount]:
    """What the paste would record for the prestations of this Fournisseur; writes nothing."""
    lines = read_lines(text)
    if not lines:
        raise ValidationError({"lines": "Collez au moins une ligne : FINESS;avance;solde."})
    if len(lines) > MAX_LINES:
        raise ValidationError(
            {"lines": f"{len(lines)} lignes : collez-en {MAX_LINES} au plus à la fois."}
        )
    rows = Prestation.objects.filter(
        organisation=organisation, client__finess__in={line.finess for line in lines}
    ).select_related("client", "dispositif", "supplier__solution")
    known: dict[str, list[Prestation]] = {}
    for row in rows:
        known.setdefault(row.client.finess, []).append(row)
    return [_plan(line, known.get(line.finess, [])) for line in lines]


def _plan(line: AmountLine, rows: Sequence[Prestation]) -> PlannedAmount:
    if line.error:
        return PlannedAmount(line, None, line.error)
    wanted = line.dispositif.casefold()
    names = [row.dispositif.short_name for row in rows]
    rows = [row for row in rows if wanted in ("", row.dispositif.short_name.casefold())]
    if not rows:
        return PlannedAmount(line, None, f"FINESS {line.finess} : aucune prestation de ce Client.")
    if len(rows) > 1:
        choice = " ou ".join(names)
        error = f"FINESS {line.finess} : précisez le dispositif, {choice}, en deuxième colonne."
        return PlannedAmount(line, None, error)
    return PlannedAmount(line, rows[0], "")


@transaction.atomic
def record_amounts(*, planned: Sequence[PlannedAmount], by: By) -> int:
    """Record every line of the plan, or none; an amount that a line leaves empty stays as it is.
    Returns how many prestations changed."""
    if any(one.error or one.prestation is None for one in planned):
        raise ValidationError("Des lignes sont à corriger : aucun montant n'a été enregistré.")
    wanted = {one.prestation: one.line for one in planned if one.prestation}
    keys = [prestation.pk for prestation in wanted]
    list(lock_rows(Prestation.objects.filter(pk__in=keys)))
    rows = Amounts.objects.filter(prestation__in=keys).select_related("prestation")
    known = {row.prestation_id: row for row in rows}
    new: list[Amounts] = []
    old: list[Amounts] = []
    for prestation, line in wanted.items():
        row = known.get(prestation.pk) or Amounts(prestation=prestation)
        if _fill(row, line):
            (old if row.pk else new).append(row)
    Amounts.objects.bulk_create(new)
    Amounts.objects.bulk_update(old, ["advance", "balance"])
    if new or old:
        _journal([*new, *old], ("advance", "balance"), by)
    return len(new) + len(old)


def _fill(row: Amounts, line: AmountLine) -> bool:
    """Whether the line changes the row; what it leaves empty stays."""
    before = row.advance, row.balance
    row.advance = row.advance if line.advance is None else line.advance
    row.balance = row.balance if line.balance is None else line.balance
    return before != (row.advance, row.balance)
