"""Clients and prestations in number: lines of a file looked at first, then all or none."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.enums import Kind
from accounts.models import Organisation
from accounts.rules.names import words_of
from accounts.rules.numbers import validate_siren, validate_siret
from calendar_app.enums import State
from calendar_app.models import Deadline, Milestone, Prestation, Supplier
from calendar_app.querysets import SOONEST
from calendar_app.rules.filing import is_past
from calendar_app.rules.order_lines import OrderLine
from calendar_app.rules.rights import SupplierFacts, money_gate
from calendar_app.selectors.rights import supplier_facts
from calendar_app.services.deadlines import open_for_prestations
from calendar_app.services.filings import instant_problem, take_over
from journal.rules.by import By
from journal.rules.workflow import LABELS
from journal.services.changes import write_creation
from journal.services.entries import write
from segur.lib import paris
from segur.lib.texts import is_blank

LABELS["organisation.import"] = "Clients importés"
BATCH = 500
NOTHING = "Cette liste n'a aucune ligne sous ses titres."
NO_NAME = "FINESS {} : ce Client manque à l'annuaire. Ajoutez-le d'abord, ou donnez son nom."
UNCONFIRMED = "Confirmez que les Clients de même nom sont distincts, ou corrigez la liste."


class Fate(Enum):
    """What the list does to a line, in the words of the page."""

    NEW_CLIENT = "Client et prestation à créer"
    NEW_PRESTATION = "Prestation à créer"
    DIRECTORY = "Client à ajouter à l'annuaire"
    UNCHANGED = "Déjà enregistré"
    WRONG = "À corriger"


@dataclasses.dataclass(frozen=True)
class PlannedOrder:
    """A line with its Client, not saved where it is new, None while something is wrong. `alike`:
    others of the same name, known or on other lines.
    """

    line: OrderLine
    client: Organisation | None
    error: str
    column: str = ""
    is_done: bool = False
    alike: tuple[str, ...] = ()
    in_directory_only: bool = False
    is_added: bool = False
    """The Client is not in the directory yet."""

    @property
    def fate(self) -> Fate:
        if self.error:
            return Fate.WRONG
        if self.is_done:
            return Fate.UNCHANGED
        if self.in_directory_only:
            return Fate.DIRECTORY
        return Fate.NEW_CLIENT if self.is_added else Fate.NEW_PRESTATION


def plan_orders(
    *, supplier: Supplier | None, lines: Sequence[OrderLine], may_file: bool, now: dt.datetime
) -> list[PlannedOrder]:
    """What the list would create, and what is wrong on each line; writes nothing. Without a
    supplier it only adds Clients to the directory. The number of queries does not depend on the
    number of lines, but for batches.
    """
    if not lines:
        raise ValidationError({"lines": NOTHING})
    clients = _clients({line.finess for line in lines})
    check = _Check(
        clients=clients,
        served=_served(supplier) if supplier else set(),
        advance=_advance(supplier) if supplier else None,
        rights=supplier_facts(supplier) if supplier else None,
        may_file=may_file,
        now=now,
    )
    return _with_alike([check.plan(line) for line in lines])


def _clients(finess: set[str]) -> dict[str, Organisation]:
    """The FINESS of a Client that was merged names the one that it was merged into."""
    standing = Q(is_active=True) | Q(merged_into__is_active=True)
    known = Organisation.objects.clients().filter(standing).select_related("merged_into")
    wanted = sorted(finess)
    found: dict[str, Organisation] = {}
    for start in range(0, len(wanted), BATCH):
        for one in known.filter(finess__in=wanted[start : start + BATCH]):
            found[one.finess] = one.merged_into or one
    return found


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
    """What is known when the lines are checked. `rights` None: for the directory alone."""

    clients: dict[str, Organisation]
    served: set[int]
    advance: Milestone | None
    rights: SupplierFacts | None
    may_file: bool
    now: dt.datetime

    def plan(self, line: OrderLine) -> PlannedOrder:
        known = self.clients.get(line.finess)
        if line.error:
            return PlannedOrder(line, known, line.error, line.column)
        is_done = known is not None and (self.rights is None or known.pk in self.served)
        if is_done:
            return PlannedOrder(line, known, "", is_done=True)
        client, column, error = (known, "", "") if known else _new_client(line, self.now)
        if not error and (error := self._deposit_error(line)):
            column = "dépôt de l'avance"
        only = self.rights is None
        return PlannedOrder(
            line,
            client,
            error,
            column,
            in_directory_only=only,
            is_added=known is None and not error,
        )

    def _deposit_error(self, line: OrderLine) -> str:
        if line.deposited_at is None or self.rights is None:
            return ""
        if not self.may_file:
            return "Seul un Représentant ou un Mandataire reprend un dépôt : retirez cette date."
        if self.advance is None or not is_past(self.advance.due_at, self.now):
            return "Le jalon de l'avance n'est pas passé : déclarez ce dépôt sur sa page."
        if problem := instant_problem(line.deposited_at, self.now):
            return problem
        day = paris.day(line.deposited_at)
        if unmet := money_gate(self.rights, day=day):
            return f"Dépôt du {paris.short(line.deposited_at)} refusé. {unmet[0].reason}"
        return ""


def _new_client(line: OrderLine, now: dt.datetime) -> tuple[Organisation | None, str, str]:
    """A Client for the directory, or the column and what is wrong in it."""
    if is_blank(line.name):
        return None, "nom", NO_NAME.format(line.finess)
    for column, number, validate in (
        ("SIREN", line.siren, validate_siren),
        ("SIRET", line.siret, validate_siret),
    ):
        try:
            if number:
                validate(number)
        except ValidationError as error:
            return None, column, str(error.messages[0])
    client = Organisation(
        kind=Kind.CLIENT,
        name=line.name,
        finess=line.finess,
        city=line.city,
        siren=line.siren or line.siret[:9],
        siret=line.siret,
        created_at=now,
    )
    client.set_search_text()
    if client.siret and not client.siret.startswith(client.siren):
        return None, "SIRET", "Ce SIRET commence par un autre SIREN : relisez les deux."
    return client, "", ""


def _with_alike(planned: list[PlannedOrder]) -> list[PlannedOrder]:
    """The new Clients, with the names that the directory or another line already gives to
    another FINESS: the warning of the form of one Client."""
    new = [order for order in planned if order.is_added]
    if not new:
        return planned
    bearers: dict[frozenset[str], list[tuple[str, str]]] = defaultdict(list)
    wanted = {words_of(order.line.name) for order in new}
    known = Organisation.objects.clients().filter(is_active=True)
    for name, finess, city in known.values_list("name", "finess", "city"):
        if (words := words_of(name)) in wanted:
            bearers[words].append((finess, f"{name}{f' ({city})' if city else ''}, {finess}"))
    for order in new:
        words = words_of(order.line.name)
        bearers[words].append((order.line.finess, f"ligne {order.line.number}"))
    return [
        dataclasses.replace(order, alike=_others(order, bearers)) if order.is_added else order
        for order in planned
    ]


def _others(
    order: PlannedOrder, bearers: dict[frozenset[str], list[tuple[str, str]]]
) -> tuple[str, ...]:
    words = words_of(order.line.name)
    if not words:
        return ()
    return tuple(name for finess, name in bearers[words] if finess != order.line.finess)


@transaction.atomic
def create_orders(
    *,
    supplier: Supplier | None,
    planned: Sequence[PlannedOrder],
    by: By,
    are_distinct: bool = False,
) -> list[Prestation]:
    """Create every line of the plan: the Clients that the directory lacks, the prestations, their
    deadlines and the deposits that they carry. One entry of the journal lists the Clients, one the
    prestations; lines already done change nothing. `are_distinct`: the person has seen the Clients
    of the same name.

    Where somebody has created one of them since the plan, nothing is created, and the list
    says so.
    """
    if any(order.error for order in planned):
        raise ValidationError("Des lignes sont à corriger : aucune prestation n'a été créée.")
    if any(order.alike for order in planned) and not are_distinct:
        raise ValidationError({"are_distinct": UNCONFIRMED})
    todo = [order for order in planned if not order.is_done]
    try:
        with transaction.atomic():
            _create_clients(todo, supplier, by)
            created = _create_prestations(todo, supplier, by) if supplier else []
    except IntegrityError:
        raise ValidationError(
            "Un de ces Clients ou une de ces prestations vient d'être créé par quelqu'un d'autre : "
            "vérifiez de nouveau."
        ) from None
    if created:
        open_for_prestations(created, now=by.at)
        _take_over(created, todo, by)
    return created


def _create_clients(todo: Sequence[PlannedOrder], supplier: Supplier | None, by: By) -> None:
    new = [order.client for order in todo if order.client and order.is_added]
    if not new:
        return
    Organisation.objects.bulk_create(new, batch_size=BATCH)
    plural = "s" if len(new) > 1 else ""
    write(
        new[0],
        "organisation.import",
        by=by,
        what=f"{len(new)} Client{plural} ajouté{plural} à l'annuaire",
        label=f"{len(new)} Client{plural}",
        organisation_id=supplier.organisation_id if supplier else _reader(by),
        many=new,
        after={one.finess: one.name for one in new},
    )


def _reader(by: By) -> int | None:
    return by.organisation.pk if by.organisation else None


def _create_prestations(
    todo: Sequence[PlannedOrder], supplier: Supplier, by: By
) -> list[Prestation]:
    rows = [
        Prestation(
            supplier=supplier,
            organisation=supplier.organisation,
            dispositif=supplier.solution.dispositif,
            client=order.client,
            order_reference=order.line.order_reference,
            created_at=by.at,
        )
        for order in todo
    ]
    if not rows:
        return []
    created = Prestation.objects.bulk_create(rows, batch_size=BATCH)
    write_creation(created[0], by=by, many=created)
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
    first = {step.prestation_id: step for step in steps.order_by("-due_at", "-pk")}
    for step in first.values():
        assert step.prestation is not None  # noqa: S101
        line = lines[step.prestation.client_id]
        take_over(
            deadline=step,
            outcome=State.FILED,
            deposited_at=line.deposited_at,
            reference=line.deposit_reference,
            without_proof=True,
            by=by,
        )
