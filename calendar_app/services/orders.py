"""Prestations in number: lines pasted from a spreadsheet, looked at first, then all or none."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import Organisation
from calendar_app.enums import State
from calendar_app.models import Deadline, Milestone, Prestation, Supplier
from calendar_app.querysets import SOONEST
from calendar_app.rules.filing import is_past
from calendar_app.rules.order_lines import MAX_LINES, OrderLine, read_lines
from calendar_app.rules.rights import SupplierFacts, money_gate
from calendar_app.selectors.rights import supplier_facts
from calendar_app.services.deadlines import open_for_prestations
from calendar_app.services.filings import GateClosed, check_deposit_instant, take_over
from journal.rules.by import By
from journal.services.changes import write_creation
from segur.lib import paris


@dataclasses.dataclass(frozen=True)
class PlannedOrder:
    """A line with the Client that it names, None while something is wrong."""

    line: OrderLine
    client: Organisation | None
    error: str


def plan_orders(
    *, supplier: Supplier, text: str, may_file: bool, now: dt.datetime
) -> list[PlannedOrder]:
    """What the paste would create, and what is wrong on each line; writes nothing."""
    lines = read_lines(text)
    if not lines:
        raise ValidationError({"lines": "Collez au moins une ligne : FINESS;référence du BDC."})
    if len(lines) > MAX_LINES:
        raise ValidationError(
            {"lines": f"{len(lines)} lignes : collez-en {MAX_LINES} au plus à la fois."}
        )
    check = _Check(
        clients=_clients({line.finess for line in lines}),
        served=_served(supplier),
        advance=_advance(supplier),
        rights=supplier_facts(supplier),
        may_file=may_file,
        now=now,
    )
    return [check.plan(line) for line in lines]


def _clients(finess: set[str]) -> dict[str, Organisation]:
    """The FINESS of a Client that was merged names the one that it was merged into."""
    standing = Q(is_active=True) | Q(merged_into__is_active=True)
    found = Organisation.objects.clients().filter(standing, finess__in=finess)
    return {one.finess: one.merged_into or one for one in found.select_related("merged_into")}


def _served(supplier: Supplier) -> set[int]:
    prestations = Prestation.objects.filter(
        organisation=supplier.organisation, dispositif=supplier.solution.dispositif
    )
    return set(prestations.values_list("client_id", flat=True))


def _advance(supplier: Supplier) -> Milestone | None:
    """The first money step of the prestations: the deposit that a line may carry."""
    milestones = supplier.solution.dispositif.milestones
    return milestones.filter(is_money_step=True).order_by(SOONEST).first()


@dataclasses.dataclass(frozen=True)
class _Check:
    """What is known when the lines are checked."""

    clients: dict[str, Organisation]
    served: set[int]
    advance: Milestone | None
    rights: SupplierFacts
    may_file: bool
    now: dt.datetime

    def plan(self, line: OrderLine) -> PlannedOrder:
        client = self.clients.get(line.finess)
        error = line.error or self._deposit_error(line) or self._client_error(line, client)
        return PlannedOrder(line, client, error)

    def _client_error(self, line: OrderLine, client: Organisation | None) -> str:
        if client is None:
            return f"FINESS {line.finess} : ce Client manque à l'annuaire. Ajoutez-le d'abord."
        if client.pk in self.served:
            return f"{client} a déjà une prestation de votre organisation pour ce dispositif."
        return ""

    def _deposit_error(self, line: OrderLine) -> str:
        if line.deposited_at is None:
            return ""
        if not self.may_file:
            return "Seul un Représentant ou un Mandataire reprend un dépôt : retirez cette date."
        if self.advance is None or not is_past(self.advance.due_at, self.now):
            return "Le jalon de l'avance n'est pas passé : déclarez ce dépôt sur sa page."
        try:
            check_deposit_instant(line.deposited_at, self.now)
        except ValidationError as error:
            return str(error.messages[0])
        day = paris.day(line.deposited_at)
        if unmet := money_gate(self.rights, day=day):
            return f"Dépôt du {paris.short(line.deposited_at)} refusé. {unmet[0].reason}"
        return ""


@transaction.atomic
def create_orders(
    *, supplier: Supplier, planned: Sequence[PlannedOrder], by: By
) -> list[Prestation]:
    """Create every line of the plan, with its deadlines and the deposits that it carries.

    Somebody may have created one of them since the plan: nothing is then created, and it is said.
    """
    if any(order.error for order in planned):
        raise ValidationError("Des lignes sont à corriger : aucune prestation n'a été créée.")
    rows = [
        Prestation(
            supplier=supplier,
            organisation=supplier.organisation,
            dispositif=supplier.solution.dispositif,
            client=order.client,
            order_reference=order.line.order_reference,
            created_at=by.at,
        )
        for order in planned
    ]
    try:
        with transaction.atomic():
            created = Prestation.objects.bulk_create(rows)
    except IntegrityError:
        raise ValidationError(
            "Une de ces prestations vient d'être créée par quelqu'un d'autre : vérifiez de nouveau."
        ) from None
    write_creation(created[0], by=by, many=created)
    open_for_prestations(created, now=by.at)
    _take_over(created, planned, by)
    return created


def _take_over(
    created: Sequence[Prestation],
    planned: Sequence[PlannedOrder],
    by: By,
) -> None:
    lines = {order.client.pk: order.line for order in planned if order.client}
    dated = [p for p in created if lines[p.client_id].deposited_at]
    steps = Deadline.objects.filter(
        prestation__in=dated, milestone__is_money_step=True, due_at__lte=by.at
    ).select_related("prestation")
    first = {step.prestation_id: step for step in steps.order_by("-due_at")}
    for step in first.values():
        assert step.prestation is not None  # noqa: S101
        line = lines[step.prestation.client_id]
        try:
            take_over(
                deadline=step,
                outcome=State.FILED,
                deposited_at=line.deposited_at,
                reference=line.deposit_reference,
                without_proof=True,
                by=by,
            )
        except GateClosed as gate:
            raise ValidationError(gate.sentences) from None
