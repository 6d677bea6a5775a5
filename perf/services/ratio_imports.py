"""PERFm and PERFe, month by month, as an import by lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from calendar_app.selectors.prestations import prestations_seen
from calendar_app.services.lines import COLUMNS, find_prestations
from imports.services.file_lines import FileLine
from imports.services.lines import LineImport
from journal.rules.by import By
from journal.services.acts import lock_rows
from journal.services.changes import save_all_tracked
from perf.enums import Indicator
from perf.models import Ratio
from perf.permissions import can_record, sources_of
from perf.services.ratios import COUNTS, MOST, month_problem, problems
from segur.fields import WholeNumberField
from segur.form_fields import ChoiceCellField, MonthField


class MonthCellField(MonthField):
    """«10/2026», or any day of the month, which a spreadsheet writes in its place."""

    input_formats = (*MonthField.input_formats, "%d/%m/%Y", "%Y-%m-%d")

    def to_python(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().to_python(value)
        return day.replace(day=1) if day else None


def compare(lines: Sequence[FileLine], by: By, *, lock: bool) -> None:
    seen = prestations_seen(by.actor).filter(dispositif__has_ratios=True)
    found = find_prestations(lines, seen, ours=lambda one: can_record(by.actor, one), lock=lock)
    known = _known(found.values(), lock=lock)
    for line in lines:
        if not (prestation := found.get(line.number)):
            continue
        indicator, month = line.values["indicator"], line.values["month"]
        named = prestation.pk, indicator, month
        if named not in known:
            known[named] = Ratio(indicator=indicator, month=month)
        ratio = known[named]
        ratio.prestation = prestation
        line.give(ratio, COUNTS)
        if wrong := month_problem(ratio.month, by.at):
            line.refuse("month", wrong)
        for column, wrong in problems(**{name: line.values[name] for name in COUNTS}).items():
            line.refuse(column, wrong)


def _known(prestations: Any, *, lock: bool) -> dict[tuple[int, str, dt.date], Ratio]:
    rows = Ratio.objects.filter(prestation__in={one.pk for one in prestations})
    if lock:
        rows = lock_rows(rows)
    return {(row.prestation_id, row.indicator, row.month): row for row in rows}


def write(lines: Sequence[FileLine], by: By) -> None:
    ratios = [line.subject for line in lines]
    for ratio in ratios:
        ratio.recorded_by, ratio.recorded_by_name, ratio.recorded_at = by.actor, by.name, by.at
    save_all_tracked(ratios, by=by)


def _count(label: str) -> WholeNumberField:
    return WholeNumberField(
        label=label,
        min_value=0,
        max_value=MOST,
        help_text="Un nombre entier ; 0 s'il n'y en a pas.",
    )


KIND = LineImport(
    code="ratios",
    title="PERFm et PERFe",
    noun="mois et par indicateur",
    lead="Une ligne par Client, par indicateur et par mois.",
    columns={
        **COLUMNS,
        "indicator": ChoiceCellField(
            label="Indicateur", choices=Indicator.choices, help_text="PERFm ou PERFe."
        ),
        "month": MonthCellField(label="Mois", help_text="Par exemple 10/2026."),
        "local_numerator": _count("Numérateur, CR locaux"),
        "local_denominator": _count("Dénominateur, CR locaux"),
        "remote_numerator": _count("Numérateur, CR de téléradiologie"),
        "remote_denominator": _count("Dénominateur, CR de téléradiologie"),
    },
    key=("finess", "supplier", "indicator", "month"),
    examples=(
        ("999000184", "", "PERFm", "10/2026", "180", "200", "0", "0"),
        ("999000184", "", "PERFe", "10/2026", "150", "200", "0", "0"),
    ),
    place="perf:ratios",
    may=lambda user: bool(sources_of(user)),
    refusal="PERFm et PERFe sont importés par les membres d'un Fournisseur et par l'ANS.",
    compare=compare,
    write=write,
    notes=("Donner de nouveau un mois le corrige ; l'historique garde les anciens nombres.",),
)
