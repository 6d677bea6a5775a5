"""The portfolio: Clients × milestones, its sums, and the same as rows of a file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accounts.models import Organisation
from calendar_app.enums import Channel, State
from calendar_app.models import Milestone, Prestation, Supplier
from calendar_app.rules.standing import DONE, Standing, short_title, word
from calendar_app.selectors.portfolio.groups import Group, Grouped, Stands
from calendar_app.selectors.prestations import SHOWN, prestations_seen
from segur.lib import charts
from segur.lib.remaining import Meaning
from segur.lib.tables import Cell as FileCell
from segur.lib.tables import due_cells

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Column:
    """The milestones of one number, one for each dispositif."""

    number: int
    title: str
    milestones: tuple[Milestone, ...]

    @property
    def titles(self) -> str:
        return " / ".join(dict.fromkeys(one.title for one in self.milestones))

    @property
    def channel(self) -> Channel:
        return Channel(self.milestones[0].channel)

    def milestone_of(self, prestation: Prestation) -> Milestone | None:
        return next(
            (one for one in self.milestones if one.dispositif_id == prestation.dispositif_id), None
        )


@dataclass(frozen=True)
class Cell:
    """None of a standing where the prestation has no such milestone."""

    column: Column
    deadline: int
    standing: Standing
    word: str
    why: str

    @property
    def words(self) -> str:
        """«déposé», «bloqué : mandat», «en retard, bloqué : mandat»."""
        if not self.why:
            return self.word
        if self.standing == Standing.LATE:
            return f"{self.word}, bloqué : {self.why}"
        return f"{self.word} : {self.why}"


@dataclass(frozen=True)
class MatrixRow:
    prestation: Prestation
    cells: Sequence[Cell | None]


@dataclass(frozen=True)
class Sum:
    standing: Standing
    word: str
    count: int


@dataclass(frozen=True)
class Total:
    """The sums of a column, and how many of all are done."""

    column: Column
    sums: Sequence[Sum]
    done: int
    total: int


def columns(milestones: Iterable[Milestone]) -> list[Column]:
    by_number: defaultdict[int, list[Milestone]] = defaultdict(list)
    rows = list(milestones)
    realised = {row.dispositif_id: row.number for row in rows if row.channel == Channel.NONE}
    for row in rows:
        by_number[row.number].append(row)
    return [
        Column(
            number,
            short_title(
                group[0].title,
                Channel(group[0].channel),
                is_money_step=group[0].is_money_step,
                is_after=number > realised.get(group[0].dispositif_id, number),
            ),
            tuple(group),
        )
        for number, group in sorted(by_number.items())
    ]


def narrowed(user: User, chosen: Mapping[str, str]) -> QuerySet[Prestation]:
    """The prestations that a person sees, by every filter but those of standing."""
    found = prestations_seen(
        user,
        q=chosen.get("q", ""),
        dispositif=chosen.get("dispositif", ""),
        organisation=chosen.get("organisation", ""),
    )
    if solution := chosen.get("solution", ""):
        found = found.filter(supplier__solution=int(solution))
    return in_list_order(found)


def in_list_order(prestations: QuerySet[Prestation]) -> QuerySet[Prestation]:
    return prestations.order_by("client__name", "pk")


def in_order(keys: Sequence[int]) -> list[Prestation]:
    """The prestations of one page, with what a row shows."""
    rows = Prestation.objects.select_related(*SHOWN).order_by().in_bulk(keys)
    return [rows[pk] for pk in keys]


def rows(
    prestations: Sequence[Prestation],
    deadlines: Grouped,
    heads: Sequence[Column],
    stands: Stands,
) -> list[MatrixRow]:
    """`deadlines` of these prestations, as `grouped` has them. One query."""
    of_prestation: defaultdict[int | None, dict[int, tuple[int, str, bool]]] = defaultdict(dict)
    read = deadlines.values_list("pk", "prestation", "milestone", "state", "is_undone")
    for pk, prestation, milestone, state, is_undone in read:
        of_prestation[prestation][milestone] = pk, state, bool(is_undone)
    return [
        MatrixRow(one, [_cell(one, head, of_prestation[one.pk], stands) for head in heads])
        for one in prestations
    ]


def _cell(
    prestation: Prestation,
    head: Column,
    deadlines: Mapping[int, tuple[int, str, bool]],
    stands: Stands,
) -> Cell | None:
    milestone = head.milestone_of(prestation)
    if milestone is None or milestone.pk not in deadlines:
        return None
    pk, state, is_undone = deadlines[milestone.pk]
    group = Group(prestation.supplier_id, milestone.pk, State(state), is_undone)
    stand = stands.by_group[group]
    return Cell(head, pk, stand.standing, word(stand.standing, head.channel), stand.why)


def totals(heads: Sequence[Column], stands: Stands) -> list[Total]:
    per_milestone = stands.per_milestone()
    found = []
    for head in heads:
        counted: Counter[Standing] = Counter()
        for milestone in head.milestones:
            counted += per_milestone.get(milestone.pk, Counter())
        sums = [Sum(one, word(one, head.channel), counted[one]) for one in Standing if counted[one]]
        found.append(Total(head, sums, sum(counted[one] for one in DONE), counted.total()))
    return found


def parts(sums: Iterable[Total]) -> list[tuple[str, list[charts.BarPart]]]:
    """The sums as bars, what is done first."""
    return [
        (
            f"{one.column.number}. {one.column.title}",
            [
                charts.BarPart(part.word, part.standing.fill, part.count)
                for part in sorted(one.sums, key=lambda part: _ORDER[part.standing])
            ],
        )
        for one in sums
    ]


_MEANT = {
    Meaning.DONE: "fait",
    Meaning.TO_COME: "à faire",
    Meaning.SOON: "à surveiller",
    Meaning.LATE: "en retard ou refusé",
    Meaning.NEUTRAL: "sans objet",
}


def legend_of(bars: Iterable[charts.Bar]) -> list[tuple[Meaning, str]]:
    """What the fills of these bars mean: the words of each standing are under its bar."""
    drawn = {part.fill for bar in bars for part in bar.parts}
    return [(fill, label) for fill, label in _MEANT.items() if fill in drawn]


_ORDER = {
    one: place
    for place, one in enumerate(
        (
            *(Standing.ACCEPTED, Standing.FILED, Standing.TO_DO, Standing.DRAFT),
            *(Standing.TO_CORRECT, Standing.AT_RISK, Standing.BLOCKED, Standing.LATE),
            *(Standing.REFUSED, Standing.NOT_APPLICABLE),
        )
    )
}


SUBJECT = ("Client", "FINESS", "Dispositif", "Solution", "Fournisseur")


def subject_cells(prestation: Prestation) -> list[FileCell]:
    return [
        prestation.client.name,
        prestation.client.finess,
        prestation.dispositif.short_name,
        str(prestation.supplier.solution),
        prestation.organisation.name,
    ]


def header(heads: Iterable[Column]) -> list[str]:
    titles = [*SUBJECT, "Bon de commande"]
    for head in heads:
        title = f"{head.number}. {head.title}"
        titles += [title, f"{title} : avant le", f"{title} : heure (heure de Paris)"]
    return titles


def file_rows(found: Iterable[MatrixRow]) -> Iterator[list[FileCell]]:
    for row in found:
        prestation = row.prestation
        cells = [*subject_cells(prestation), prestation.order_reference]
        for cell in row.cells:
            milestone = cell.column.milestone_of(prestation) if cell else None
            cells.append(cell.words if cell else None)
            cells += due_cells(milestone.due_at if milestone else None)
        yield cells


def fournisseurs(user: User) -> list[tuple[int, str]]:
    """Who supplies what the person sees, for the filter: (id, name)."""
    seen = Supplier.objects.visible_to(user).values("organisation")
    return list(Organisation.objects.filter(pk__in=seen).values_list("pk", "name"))
