"""What the lines of an imported file name: a prestation, by its Client and its Fournisseur."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.forms import CharField

from accounts.models import Organisation
from accounts.rules.numbers import validate_finess
from calendar_app.models import Prestation
from imports.services.file_lines import FileLine, batches
from journal.services.acts import lock_rows
from segur.fields import NumberField
from segur.lib.search import plain

UNKNOWN = "Aucune de vos prestations n'est chez ce Client, pour ce dispositif."
NOT_OURS = "Vous pouvez lire cette prestation ; seul son Fournisseur, et l'ANS, en enregistre ceci."
SEVERAL = "Plusieurs Fournisseurs servent ce Client : remplissez la colonne « Fournisseur »."


def finess_column(help_text: str, *, required: bool = True) -> NumberField:
    return NumberField(
        label="FINESS", required=required, validators=[validate_finess], help_text=help_text
    )


COLUMNS = {
    "finess": finess_column("Le numéro FINESS du Client."),
    "supplier": CharField(
        label="Fournisseur",
        max_length=200,
        required=False,
        help_text="Son nom, quand plusieurs Fournisseurs que vous voyez servent ce Client.",
    ),
}


def find_prestations(
    lines: Sequence[FileLine],
    seen: QuerySet[Prestation],
    *,
    ours: Callable[[Prestation], bool],
    lock: bool,
) -> dict[int, Prestation]:
    """Number of a line → its prestation among those `seen` (by `prestations_seen`) and `ours`; the
    other lines are refused. Locked in one order: no two files wait for each other."""
    numbers = _standing_numbers(lines)
    of_client: dict[str, list[Prestation]] = defaultdict(list)
    # Apart: what thousands of prestations share is loaded once.
    rows = seen.select_related(None).select_related("client")
    rows = rows.prefetch_related("organisation", "supplier__solution")
    if lock:
        rows = lock_rows(rows)
    for prestation in rows.filter(client__finess__in=sorted(set(numbers.values()))).order_by("pk"):
        of_client[prestation.client.finess].append(prestation)
    allowed = {one.pk for some in of_client.values() for one in some if ours(one)}
    found = {}
    for line in lines:
        named = of_client[numbers[line.values["finess"]]]
        if supplier := line.values.get("supplier"):
            named = [one for one in named if plain(one.organisation.name) == plain(supplier)]
        own = [one for one in named if one.pk in allowed]
        if len(own) == 1:
            found[line.number] = own[0]
        elif own:
            line.refuse("supplier" if "supplier" in line.texts else "finess", SEVERAL)
        else:
            line.refuse("finess", NOT_OURS if named else UNKNOWN)
    return found


def _standing_numbers(lines: Sequence[FileLine]) -> dict[str, str]:
    """FINESS → that of the Client which it names: another one, where it was merged into it."""
    numbers: dict[str, Any] = {line.values["finess"]: line.values["finess"] for line in lines}
    merged = Organisation.objects.clients().filter(merged_into__isnull=False)
    for some in batches(numbers):
        rows = merged.filter(finess__in=some).values_list("finess", "merged_into__finess")
        numbers.update(rows)
    return numbers
