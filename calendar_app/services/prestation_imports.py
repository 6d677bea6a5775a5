"""Prestations at Clients of the directory as an import by lines, and the references of their order
forms. Clients that the directory lacks come by `order_imports`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.forms import CharField

from accounts.models import Organisation
from accounts.permissions import can_prepare, preparable
from calendar_app.models import Prestation, Supplier
from calendar_app.services.deadlines import open_for_prestations
from calendar_app.services.lines import finess_column
from calendar_app.services.prestations import check_order
from imports.services.file_lines import FileLine, LineFate
from imports.services.lines import LineImport
from journal.rules.by import By
from journal.services.acts import lock_rows
from journal.services.changes import save_all_tracked
from segur.fields import IdentifierFormField
from segur.form_fields import DayField
from segur.lib.search import plain

NO_CLIENT = "L'annuaire n'a pas ce Client : importez-le d'abord par « Clients et prestations »."
NO_SOLUTION = "Votre organisation n'installe pas cette solution."
SEVERAL = (
    "Votre organisation installe plusieurs solutions de ce nom : distinguez-les par leur proxy."
)
OTHER_SOLUTION = "Ce Client a déjà votre solution « {} » pour ce dispositif."
NOT_YOURS = "Les prestations sont enregistrées par les membres de leur Fournisseur."
ORDER = ("order_reference", "ordered_on")


def compare(lines: Sequence[FileLine], by: By, *, lock: bool) -> None:
    if by.organisation is None or not can_prepare(by.actor, by.organisation.pk):
        for line in lines:
            line.refuse("", NOT_YOURS)
        return
    supplies = Supplier.objects.filter(organisation=by.organisation)
    suppliers = list(supplies.select_related("organisation", "solution__dispositif"))
    clients = _clients(lines)
    known = _known(by.organisation, lock=lock)
    named: dict[str, list[Supplier]] = defaultdict(list)
    for one in suppliers:
        named[plain(str(one.solution))].append(one)
    for line in lines:
        found = named.get(plain(line.values["solution"]), [])
        client = clients.get(line.values["finess"])
        if client is None:
            line.refuse("finess", NO_CLIENT)
        if len(found) != 1:
            line.refuse("solution", SEVERAL if found else NO_SOLUTION)
        if client and len(found) == 1:
            _give(line, found[0], client, known, by)


def _give(
    line: FileLine,
    supplier: Supplier,
    client: Organisation,
    known: dict[tuple[int, int], Prestation],
    by: By,
) -> None:
    dispositif = supplier.solution.dispositif
    new = Prestation(
        supplier=supplier, organisation=supplier.organisation, dispositif=dispositif, client=client
    )
    row = known.setdefault((client.pk, dispositif.pk), new)
    if row.supplier_id != supplier.pk:
        line.refuse("solution", OTHER_SOLUTION.format(row.supplier.solution))
    else:
        line.give(row, ORDER)
        try:
            check_order(row, by.at)
        except ValidationError as refusal:
            line.refuse_all(refusal)


def _clients(lines: Sequence[FileLine]) -> dict[str, Organisation]:
    """By FINESS; that of a merged Client names the one that is kept."""
    numbers = {line.values["finess"] for line in lines}
    rows = Organisation.objects.clients().filter(finess__in=numbers).select_related("merged_into")
    standing = {row.finess: row.merged_into or row for row in rows}
    return {finess: client for finess, client in standing.items() if client.is_active}


def _known(organisation: Organisation, *, lock: bool) -> dict[tuple[int, int], Prestation]:
    rows = Prestation.objects.filter(organisation=organisation)
    rows = rows.select_related("client", "supplier__solution")
    if lock:
        rows = lock_rows(rows)
    return {(row.client_id, row.dispositif_id): row for row in rows}


def write(lines: Sequence[FileLine], by: By) -> None:
    new = [line.subject for line in lines if line.fate is LineFate.NEW]
    for row in new:
        row.created_at = by.at
    save_all_tracked([line.subject for line in lines], by=by)
    for dispositif in {row.dispositif_id for row in new}:
        open_for_prestations([row for row in new if row.dispositif_id == dispositif], now=by.at)


KIND = LineImport(
    code="prestations",
    title="Prestations de Clients connus",
    noun="prestation",
    lead="Une prestation par ligne, chez un Client de l'annuaire, ou son bon de commande.",
    columns={
        "finess": finess_column("Le numéro du Client."),
        "solution": CharField(
            label="Solution",
            max_length=300,
            help_text="Son nom ; pour un couple, « DRIMbox / proxy ».",
        ),
        "order_reference": IdentifierFormField(
            label="BDC", max_length=60, required=False, help_text="Référence du bon de commande."
        ),
        "ordered_on": DayField(
            label="BDC signé le", required=False, help_text="Par exemple 05/11/2026."
        ),
    },
    titles={
        "reference du bdc": "order_reference",
        "bon de commande": "order_reference",
        "bon de commande signe le": "ordered_on",
    },
    key=("finess", "solution"),
    examples=(("999000184", "Solution à remplacer", "BDC-2026-014", "05/11/2026"),),
    place="prestations:index",
    may=lambda user: bool(preparable(user)),
    refusal=NOT_YOURS,
    compare=compare,
    write=write,
    notes=("Redonner une prestation corrige la référence et la date de son bon de commande.",),
)
