"""A list of Clients and prestations as an import: checked whole, recorded all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.permissions import can_add_client, can_file, can_prepare
from calendar_app.models import Prestation, Supplier
from calendar_app.reading.order_file import read_orders
from calendar_app.rules.order_lines import OrderLine
from calendar_app.services.orders import PlannedOrder, create_orders, plan_orders
from imports.models import Import
from imports.services.kinds import ImportKind, Progress, Settle
from imports.services.lines import CHANGED
from journal.rules.by import By
from journal.services.readings import check_effects, effects_stamp

NOT_YOURS = "Vous n'êtes plus membre de l'organisation qui fournit cette solution."


def check(
    lines: Sequence[OrderLine], *, supplier: Supplier | None, user: User, now: dt.datetime
) -> list[PlannedOrder]:
    """What the list would create. Raises ValidationError where the person may not."""
    if supplier and not can_prepare(user, supplier.organisation_id):
        raise ValidationError(NOT_YOURS)
    if supplier is None and not can_add_client(user):
        raise ValidationError(NOT_YOURS)
    may_file = supplier is not None and can_file(user, supplier.organisation_id)
    return plan_orders(supplier=supplier, lines=lines, may_file=may_file, now=now)


def supplier_of(job: Import) -> Supplier | None:
    """Raises ValidationError for one that is not any more."""
    if (key := job.options["supplier"]) is None:
        return None
    found = Supplier.objects.select_related("organisation", "solution__dispositif")
    if (supplier := found.filter(pk=key).first()) is None:
        raise ValidationError(NOT_YOURS)
    return supplier


def run(job: Import, by: By, progress: Progress, settle: Settle) -> list[Prestation]:
    """The list is read outside the transaction; what it is compared with, inside."""
    lines = read_orders(bytes(job.content))
    progress(len(lines) // 2)
    supplier = supplier_of(job)
    check(lines, supplier=supplier, user=by.actor, now=by.at)
    progress(len(lines))
    with transaction.atomic():
        planned = check(lines, supplier=supplier, user=by.actor, now=by.at)
        if any(order.error for order in planned):
            raise ValidationError(CHANGED)
        check_effects(job.options.get("seen"), plan_stamp(planned))
        created = create_orders(
            supplier=supplier,
            planned=planned,
            by=by,
            are_distinct=bool(job.options.get("are_distinct")),
        )
        settle(_sentence(planned, created), _place(supplier))
    return created


def plan_stamp(planned: Sequence[PlannedOrder]) -> str:
    return effects_stamp([(order.line.number, order.fate.name, order.alike) for order in planned])


def _sentence(planned: Sequence[PlannedOrder], created: Sequence[Prestation]) -> str:
    clients = sum(order.is_added for order in planned)
    parts = [
        _counted(clients, "Client ajouté", "Clients ajoutés"),
        _counted(len(created), "prestation enregistrée", "prestations enregistrées"),
        _counted(sum(order.is_done for order in planned), "ligne inchangée", "lignes inchangées"),
    ]
    return f"{', '.join(filter(None, parts)) or 'Rien de nouveau'}."


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {many if number > 1 else one}" if number else ""


def _place(supplier: Supplier | None) -> str:
    return reverse("prestations:index" if supplier else "accounts:clients")


KIND = ImportKind(
    "clients", "Clients et prestations", "prestations:create_many", run, can_add_client
)
