"""The file of outages on the pages of the imports: its columns, and what the check says besides of
D_f and PERF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.forms import CharField

from accounts.models import User
from accounts.permissions import preparable
from imports.models import Import
from imports.services.kinds import Progress, Settle
from imports.services.plans import (
    LINES_SHOWN,
    CellProblem,
    FileImport,
    FilePlan,
    PlannedCell,
    PlannedLine,
)
from journal.rules.by import By
from perf.models import Service
from perf.permissions import sources_of
from perf.reading.outage_file import MAX_LINES
from perf.selectors.import_effects import import_effects
from perf.selectors.outage_history import words_of_value
from perf.services import imports
from perf.services.imports import ImportLine, Plan
from segur.lib import paris

EFFECTS_SHOWN = 200
FOLDED = 10
"""More lines of D_f than this are shown on demand."""
SERVICES_SHOWN = 20
RECORDERS_ONLY = (
    "Les indisponibilités sont importées par les membres d'un Fournisseur et par l'ANS."
)
TO_REPLACE = "code-a-remplacer"


class OutageImport(FileImport):
    """The reading and the rules of a line are in `perf.reading` and `perf.services.imports`."""

    def plan(self, content: bytes, by: By) -> FilePlan:
        plan = imports.check(content, user=by.actor, now=by.at)
        counts = [
            ("À ajouter", plan.new),
            ("À modifier", plan.revised),
            ("Inchangées", plan.unchanged),
            ("À décider par l'ANS", len(plan.asked)),
        ]
        return FilePlan(
            total=len(plan.lines) + plan.wrong_lines,
            problems=list(self._problems(plan)),
            wrong=plan.wrong_lines,
            counts=counts if plan.asked else counts[:-1],
            changes=len(plan.changes) + len(plan.asked),
            rows=[_planned(line) for line in plan.changes[:LINES_SHOWN]],
            seen=plan.seen,
            own={} if plan.problems else _own(plan, by),
        )

    def _problems(self, plan: Plan) -> Iterator[CellProblem]:
        for one in plan.problems:
            label = str(self.columns[one.column].label) if one.column else ""
            yield CellProblem(one.line, label, one.text, one.sentence)

    def run(self, job: Import, by: By, progress: Progress, settle: Settle) -> Plan:
        return imports.run(job, by, progress, settle)


def _planned(line: ImportLine) -> PlannedLine:
    """The values that the outage would have, with those that they replace."""
    row, revision = line.row, line.revision
    cells = [
        PlannedCell(str(COLUMNS["reference"].label), row.reference),
        PlannedCell(str(COLUMNS["service"].label), row.service),
        PlannedCell(str(COLUMNS["source"].label), line.version.get_source_display()),
    ]
    shown = {
        "started_at": paris.short(row.started_at),
        "ended_at": paris.short(row.ended_at) if row.ended_at else "en cours",
        "cause": row.cause,
        "nature": line.nature.label,
    }
    for name, text in shown.items():
        changes = revision and revision.before[name] != revision.after[name]
        before = words_of_value(name, revision.before[name]) if revision and changes else None
        cells.append(PlannedCell(str(COLUMNS[name].label), text, before))
    return PlannedLine(row.line, "À ajouter" if line.is_new else "À modifier", cells)


def _own(plan: Plan, by: By) -> dict[str, Any]:
    """What the file makes of D_f and PERF, and what it asks of the ANS."""
    effects = import_effects(plan.outages, now=by.at.replace(microsecond=0))
    changing = [effect for effect in effects if effect.changes]
    return {
        "cut": plan.cut,
        "asked": plan.asked[:LINES_SHOWN],
        "more_asked": max(0, len(plan.asked) - LINES_SHOWN),
        "has_changes": bool(plan.changes),
        "effects": changing[:EFFECTS_SHOWN],
        "more": max(0, len(changing) - EFFECTS_SHOWN),
        "falling": sum(effect.falls for effect in changing),
        "steady": len(effects) - len(changing),
        "folded": len(changing) > FOLDED,
    }


def _services(user: User) -> dict[str, Any]:
    """The first of those for which the person records, to copy their codes from."""
    rows = Service.objects.visible_to(user).select_related("prestation__client")
    if not user.is_ans:
        rows = rows.filter(prestation__organisation__in=preparable(user))
    found = list(rows[: SERVICES_SHOWN + 1])
    return {"services": found[:SERVICES_SHOWN], "more_services": len(found) > SERVICES_SHOWN}


COLUMNS = {
    "service": CharField(
        label="Service", help_text="Son code, tel que la page de la prestation le donne."
    ),
    "started_at": CharField(label="Début", help_text="Heure de Paris, ou avec son décalage."),
    "ended_at": CharField(
        label="Fin", required=False, help_text="De même. Vide tant qu'elle dure."
    ),
    "source": CharField(
        label="Source", help_text="FOURNISSEUR, CLIENT, IMPORT ; ANS pour l'ANS seule."
    ),
    "reference": CharField(
        label="Référence",
        help_text="Numéro chez cette source. Le redonner modifie ce qui est enregistré.",
    ),
    "cause": CharField(
        label="Cause", required=False, help_text="En quelques mots, 500 caractères au plus."
    ),
    "nature": CharField(
        label="Nature",
        required=False,
        help_text="Colonne facultative : PANNE, MAINTENANCE ; NON_MESURE pour l'ANS seule.",
    ),
}
NOTES = (
    "Les titres service, started_at, ended_at, source, reference, cause, nature sont lus aussi.",
    "L'heure que le changement d'octobre répète se donne avec son décalage.",
    "Ce que l'ANS a décidé garde ses instants.",
    "Ce qui réduit D_f est proposé à l'ANS, et compte à partir de sa décision.",
)
KIND = OutageImport(
    code="outages",
    title="Indisponibilités",
    noun="indisponibilité",
    lead="Une panne ou une maintenance par ligne. La vérification montre ce que deviennent D_f et "
    "PERF.",
    columns=COLUMNS,
    examples=(
        (
            TO_REPLACE,
            "15/01/2026 18:00",
            "16/01/2026 10:00",
            "FOURNISSEUR",
            "INC-2026-014",
            "Disque",
            "PANNE",
        ),
        (
            TO_REPLACE,
            "2026-02-01T09:00:00+01:00",
            "",
            "CLIENT",
            "APPEL-88",
            "Portail muet",
            "PANNE",
        ),
    ),
    place="perf:index",
    may=lambda user: bool(sources_of(user)),
    refusal=RECORDERS_ONLY,
    most=MAX_LINES,
    is_for_organisation=False,
    part="perf/imports/_plan.html",
    aside="perf/imports/_services.html",
    around=_services,
    notes=NOTES,
)
