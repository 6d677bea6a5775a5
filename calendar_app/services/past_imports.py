"""The deposits of the past as an import by lines: the take-over of many subjects at once, by the
rules of its page (DESIGN «Deadline»)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import CharField

from accounts.models import User
from accounts.permissions import can_file
from calendar_app.enums import FilingStatus, MilestoneScope, State
from calendar_app.models import Deadline, Filing, Milestone
from calendar_app.rules.filing import is_past
from calendar_app.selectors.gates import unmet_of
from calendar_app.selectors.order import OF_ORDER, undone_before
from calendar_app.services.filings import (
    NO_INSTANT,
    NOT_PAST,
    OUT_OF_ORDER,
    GateClosed,
    past_problem,
)
from calendar_app.services.lines import finess_column
from calendar_app.services.takeover import (
    LinesRefused,
    PastLine,
    declare_past,
    take_over_past,
)
from imports.services.file_lines import FileLine, LineFate, batches
from imports.services.lines import LineImport
from journal.rules.by import By
from journal.services.acts import lock_rows
from segur.fields import IdentifierFormField
from segur.form_fields import ChoiceCellField, InstantCellField
from segur.lib import paris
from segur.lib.search import plain

MUST_FILE = (
    "Reprendre le passé engage l'organisation : seuls un Représentant ou un Mandataire le font."
)
NO_MILESTONE = "Aucun jalon n'a ce code. Exemples : ris-4, drimbox-2."
NO_PRESTATION = "Votre organisation n'a pas de prestation de ce dispositif chez ce Client."
NO_SOLUTION = "Votre organisation n'a pas cette solution pour ce dispositif."
WHICH_SOLUTION = "Votre organisation a plusieurs solutions de ce dispositif : donnez son nom."
NO_REASON = "Indiquez pourquoi ce jalon est sans objet."
NOT_TO_DO = "Cette échéance est déjà à l'état « {} »{} : passez par sa page."
YES = (("OUI", "oui"), ("", "non"))
SHARED = (
    "organisation",
    "dispositif",
    "milestone",
    "solution__organisation",
    "prestation__client",
    "prestation__supplier__organisation",
    "prestation__supplier__solution__organisation",
)
OUTCOMES = ((State.FILED.value, "Déposé"), (State.NOT_APPLICABLE.value, "Sans objet"))


def may(user: User) -> bool:
    return any(can_file(user, organisation) for organisation in user.roles)


def compare(lines: Sequence[FileLine], by: By, *, lock: bool) -> None:
    """The deadlines stay as they are while the file is recorded."""
    if by.organisation is None or not can_file(by.actor, by.organisation.pk):
        for line in lines:
            line.refuse("", MUST_FILE)
        return
    found = _Deadlines(by.organisation.pk, lines, lock=lock)
    for line in lines:
        if deadline := found.of(line):
            _judge(line, deadline, found.filed.get(deadline.pk), by)
    new = [line for line in lines if line.fate is LineFate.NEW]
    deposits = list(_deposits(new))
    _judge_order(deposits, {line.subject.pk for line in new})
    _judge_gates(deposits)


class _Deadlines:
    """Those of an organisation, by what a line says, and the last deposit of each."""

    def __init__(self, organisation: int, lines: Sequence[FileLine], *, lock: bool) -> None:
        self.milestones = {one.code: one for one in Milestone.objects.all()}
        named = {self.milestones.get(_code(line)) for line in lines} - {None}
        clients = {line.values.get("finess") for line in lines}
        about = Q(solution__isnull=False) | Q(prestation__client__finess__in=clients)
        own = Deadline.objects.filter(about, organisation=organisation, milestone__in=named)
        # Apart: what several, or thousands of deadlines share is loaded once.
        own = own.prefetch_related(*SHARED).order_by("pk")
        if lock:
            own = lock_rows(own)
        rows = list(own)
        self.by_client = {
            (row.milestone_id, row.prestation.client.finess): row for row in rows if row.prestation
        }
        self.of_solutions: dict[Any, list[Deadline]] = defaultdict(list)
        for row in rows:
            if row.solution:
                self.of_solutions[row.milestone_id].append(row)
        filed = Filing.objects.filter(deadline__in=rows, status=FilingStatus.FILED)
        self.filed = {one.deadline_id: one for one in filed.order_by("number")}

    def of(self, line: FileLine) -> Deadline | None:
        """The deadline of a line, which is refused where there is none."""
        milestone = self.milestones.get(_code(line))
        if milestone is None:
            line.refuse("milestone", NO_MILESTONE)
        elif milestone.scope == MilestoneScope.PRESTATION:
            if row := self.by_client.get((milestone.pk, line.values.get("finess", ""))):
                return row
            line.refuse(_column(line, "finess"), NO_PRESTATION)
        else:
            name = plain(line.values.get("solution") or "")
            rows = self.of_solutions[milestone.pk]
            named = [row for row in rows if not name or plain(str(row.solution)) == name]
            if len(named) == 1:
                return named[0]
            line.refuse(_column(line, "solution"), WHICH_SOLUTION if named else NO_SOLUTION)
        return None


def _code(line: FileLine) -> str:
    """«RIS 4» is «ris-4»."""
    return plain(line.values["milestone"]).replace(" ", "-")


def _column(line: FileLine, name: str) -> str:
    return name if name in line.texts else "milestone"


def _judge(line: FileLine, deadline: Deadline, filed: Filing | None, by: By) -> None:
    line.subject, typed = deadline, line.values
    instant = typed.get("deposited_at")
    if deadline.state != State.TO_DO:
        if not _is_same(line, deadline, filed):
            on = filed.deposited_at if filed else None
            words = f", déposé le {paris.short(on)}" if on else ""
            line.refuse("outcome", NOT_TO_DO.format(deadline.get_state_display(), words))
        return
    line.fate, recorded_at = LineFate.NEW, deadline.subject.created_at
    if not is_past(deadline.due_at, recorded_at):
        line.refuse("milestone", NOT_PAST)
    elif typed["outcome"] == State.NOT_APPLICABLE:
        if not typed.get("reason"):
            line.refuse(_column(line, "reason"), NO_REASON)
    elif instant is None:
        line.refuse(_column(line, "deposited_at"), NO_INSTANT)
    elif problem := past_problem(instant, recorded_at, by.at):
        line.refuse("deposited_at", problem)


def _is_same(line: FileLine, deadline: Deadline, filed: Filing | None) -> bool:
    """What the line says is recorded already, whatever the ANS has decided since."""
    typed = line.values
    if typed["outcome"] == State.NOT_APPLICABLE:
        return deadline.state == State.NOT_APPLICABLE and typed.get("reason") in (
            None,
            deadline.state_reason,
        )
    return (
        filed is not None
        and filed.deposited_at == typed.get("deposited_at")
        and typed.get("reference") in (None, filed.external_reference)
    )


def _judge_order(deposits: Sequence[FileLine], declared: Container[int]) -> None:
    """A payment before its realisation is confirmed, unless the file declares that one too. The
    line keeps the realisation."""
    undone = undone_before([line.subject for line in deposits])
    for line in deposits:
        before = line.left = undone.get(line.subject.pk)
        if before and before.pk not in declared and not line.values.get("out_of_order"):
            line.refuse(_column(line, "out_of_order"), OUT_OF_ORDER)


def _judge_gates(deposits: Sequence[FileLine]) -> None:
    """As they were at the instant of each deposit: a fixed number of queries for each day, where
    the first and the last instant of the day have one answer. The gate of the order of the steps
    waits for the act: the file may declare the realisation too."""
    of_day: dict[dt.date, list[FileLine]] = defaultdict(list)
    for line in deposits:
        of_day[paris.day(line.values["deposited_at"])].append(line)
    for some in of_day.values():
        instants = [line.values["deposited_at"] for line in some]
        rows = [line.subject for line in some]
        first, last = (unmet_of(rows, at) for at in (min(instants), max(instants)))
        for line, at in zip(some, instants, strict=True):
            row = line.subject
            same = first[row.pk] == last[row.pk]
            unmet = first[row.pk] if same else unmet_of([row], at)[row.pk]
            reasons = [one for one in unmet if one.short != OF_ORDER]
            if reasons:
                line.refuse(_column(line, "deposited_at"), " ".join(GateClosed(reasons).messages))


def _deposits(lines: Iterable[FileLine]) -> Iterator[FileLine]:
    return (one for one in lines if not one.wrong and one.values["outcome"] == State.FILED)


def write(lines: Sequence[FileLine], by: By) -> None:
    """Together the deposits that nothing was prepared for and whose realisation is declared, here
    or before; then the others one by one, the realisation before what rests on it. Raises
    ValidationError, with each line refused.
    """
    plain = _plain(lines)
    declare_past([_past(line) for line in lines if line.number in plain], by=by)
    others = [line for line in lines if line.number not in plain]
    ordered = sorted(others, key=lambda line: (line.subject.milestone.number, line.number))
    try:
        take_over_past(lines=[_past(line) for line in ordered], by=by)
    except LinesRefused as refused:
        raise ValidationError(
            [
                f"Ligne {ordered[place].number} : {' '.join(error.messages)}"
                for place, error in refused.errors.items()
            ]
        ) from None


def _plain(lines: Sequence[FileLine]) -> set[int]:
    deposits = list(_deposits(lines))
    declared = {line.subject.pk for line in deposits}
    begun: set[int] = set()
    for some in batches(declared):
        begun.update(Filing.objects.filter(deadline__in=some).values_list("deadline_id", flat=True))
    return {
        line.number
        for line in deposits
        if line.subject.pk not in begun and (line.left is None or line.left.pk in declared)
    }


def _past(line: FileLine) -> PastLine:
    typed = line.values
    return PastLine(
        deadline=line.subject,
        outcome=typed["outcome"],
        deposited_at=typed.get("deposited_at"),
        reference=typed.get("reference", ""),
        reason=typed.get("reason", ""),
        without_proof=True,
        out_of_order=bool(typed.get("out_of_order")),
    )


KIND = LineImport(
    code="reprise",
    title="Dépôts déjà faits",
    noun="jalon",
    lead="La reprise du passé : les jalons échus avant leur enregistrement sur ce site.",
    columns={
        "milestone": CharField(
            label="Jalon", max_length=60, help_text="Son code : ris-4, drimbox-2."
        ),
        "finess": finess_column("Du Client, pour un jalon de prestation.", required=False),
        "solution": CharField(
            label="Solution",
            max_length=300,
            required=False,
            help_text="Pour un jalon de solution, si vous en avez plusieurs pour ce dispositif.",
        ),
        "outcome": ChoiceCellField(
            label="Situation", choices=OUTCOMES, help_text="Déposé, ou Sans objet."
        ),
        "deposited_at": InstantCellField(
            label="Déposé le",
            required=False,
            help_text="Jour et heure de l'accusé, heure de Paris. Pour un dépôt.",
        ),
        "reference": IdentifierFormField(
            label="Accusé", max_length=80, required=False, help_text="Le numéro de l'accusé."
        ),
        "reason": CharField(
            label="Motif",
            max_length=1000,
            required=False,
            help_text="Pourquoi le jalon est sans objet.",
        ),
        "out_of_order": ChoiceCellField(
            label="Avant la réalisation",
            required=False,
            choices=YES,
            help_text="« oui » confirme un dépôt fait alors que la réalisation n'est pas déclarée.",
        ),
    },
    key=("milestone", "finess", "solution"),
    examples=(
        ("ris-1", "", "", "Déposé", "02/09/2025 17:42", "CV-2025-118", "", ""),
        ("ris-4", "999000184", "", "Déposé", "05/11/2026 17:42", "ASP-88120", "", ""),
        ("ris-5", "999000184", "", "Sans objet", "", "", "Client repris par un autre éditeur.", ""),
    ),
    titles={"code du jalon": "milestone", "numero de l accuse": "reference", "client": "finess"},
    place="deadlines:index",
    may=may,
    refusal=MUST_FILE,
    compare=compare,
    write=write,
    most=10_000,
    notes=(
        "Un dépôt repris par fichier porte la mention « sans preuve » partout où il figure.",
        "Les conditions de paiement sont vérifiées au jour de chaque dépôt.",
        "Un dépôt postérieur à l'enregistrement se déclare sur la page de son échéance.",
    ),
)
