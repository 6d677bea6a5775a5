"""The money of a portfolio: sums by state and by date, what blocks it, and each prestation."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Sum, When

from calendar_app.enums import Channel, State
from calendar_app.models import Amounts, Milestone, Prestation
from calendar_app.querysets import AmountsQuerySet, organisations_with_amounts
from calendar_app.rules.money import MoneyState, Share, euros, money_state, to_decimal
from calendar_app.selectors.portfolio.amounts import ans_sees
from calendar_app.selectors.portfolio.groups import Group, Grouped, Stand, Stands
from calendar_app.selectors.portfolio.matrix import SUBJECT, MatrixRow, subject_cells
from segur.lib.registry import Registry
from segur.lib.tables import Cell as FileCell

if TYPE_CHECKING:
    from accounts.models import User

Paid = Callable[[], QuerySet[Any, Any]]
"""The prestations (`values` of their key) whose avance the ASP has paid."""
_paid: Registry[Paid] = Registry()
add_paid_advances = _paid.add
"""From `registrations.py` of the app that follows the demandes at the ASP."""


def amounts_seen(user: User, *, now: dt.datetime) -> AmountsQuerySet:
    return Amounts.objects.visible_to(user, ans_sees=ans_sees(now))


def may_see_amounts(user: User, *, now: dt.datetime) -> bool:
    """Whether there is an organisation whose amounts the person may see."""
    is_open = ans_sees(now)
    return bool(organisations_with_amounts(user, ans_sees=is_open)) or (user.is_ans and is_open)


def of_seen_amounts(
    prestations: QuerySet[Prestation], user: User, *, now: dt.datetime
) -> QuerySet[Prestation]:
    """Those whose amounts the person may see, whether there are any."""
    is_open = ans_sees(now)
    if user.is_ans and is_open:
        return prestations
    mine = organisations_with_amounts(user, ans_sees=is_open)
    return prestations.filter(organisation__in=mine)


@dataclass
class Block:
    """Money stopped for one reason at one Fournisseur, and who must act."""

    why: str
    who: str
    supplier: str
    organisation: int
    count: int = 0
    cents: int = 0

    @property
    def amount(self) -> str:
        return euros(self.cents)


@dataclass
class Money:
    """Sums in cents. `by_state`: state → share; `by_date`: milestone → state, of what is not asked
    yet; `blocks`: the dearest first; `known`: how many prestations have an amount."""

    by_state: dict[MoneyState, Counter[Share]] = field(default_factory=dict)
    by_date: dict[Milestone, Counter[MoneyState]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    known: int = 0

    @property
    def total(self) -> str:
        return euros(sum(sum(shares.values()) for shares in self.by_state.values()))

    @property
    def state_rows(self) -> list[tuple[MoneyState, list[tuple[str, str]]]]:
        """Each state with its (label, amount) cells, their sum at the end."""
        return [(state, _cells(self.by_state[state], Share)) for state in self.by_state]

    @property
    def stake_states(self) -> list[MoneyState]:
        """The columns of `date_rows`: the states that hold something."""
        return [one for one in AT_STAKE if one in self.by_state]

    @property
    def date_rows(self) -> list[tuple[Milestone, list[tuple[str, str]]]]:
        return [(one, _cells(cents, self.stake_states)) for one, cents in self.by_date.items()]


def _cells(cents: Counter[Any], columns: Iterable[Any]) -> list[tuple[str, str]]:
    cells = [(one.word.capitalize(), euros(cents[one])) for one in columns]
    return [*cells, ("Total", euros(sum(cents.values())))]


AT_STAKE = (MoneyState.TO_ASK, MoneyState.AT_RISK, MoneyState.BLOCKED, MoneyState.LATE)


def money_of(
    deadlines: Grouped, stands: Stands, milestones: Sequence[Milestone], seen: AmountsQuerySet
) -> Money:
    """The sums of these deadlines, over the amounts that the person may see. Three queries."""
    of_milestone = {one.pk: one for one in milestones}
    shares = shares_of(milestones)
    found, blocks = Money(known=_known(deadlines, seen)), _Blocks(stands)
    for group, is_paid, cents, count in _sums(deadlines, shares, seen):
        stand, share = stands.by_group[group], shares[group.milestone]
        state = money_state(stand.standing, is_paid=is_paid)
        if state is None:
            continue
        found.by_state.setdefault(state, Counter())[share] += cents
        if state in AT_STAKE:
            milestone = of_milestone[group.milestone]
            found.by_date.setdefault(milestone, Counter())[state] += cents
        if stand.reasons and state in AT_STAKE:
            blocks.add(group, stand, cents, count)
    found.blocks = blocks.listed()
    found.by_date = dict(sorted(found.by_date.items(), key=lambda one: _by_date(one[0])))
    found.by_state = {one: found.by_state[one] for one in MoneyState if one in found.by_state}
    return found


def _by_date(milestone: Milestone) -> tuple[bool, float, int]:
    due = milestone.due_at
    return due is None, due.timestamp() if due else 0.0, milestone.dispositif_id


def _known(deadlines: Grouped, seen: AmountsQuerySet) -> int:
    given = Q(advance__isnull=False) | Q(balance__isnull=False)
    return seen.filter(given, prestation__in=deadlines.values("prestation")).count()


def shares_of(milestones: Iterable[Milestone]) -> dict[int, Share]:
    """Milestone id → which payment it asks for: the avance before the realisation, the solde after
    it; other milestones are left out."""
    rows = list(milestones)
    realised = {row.dispositif_id: row.number for row in rows if row.channel == Channel.NONE}
    return {
        row.pk: Share.BALANCE
        if row.number > realised.get(row.dispositif_id, row.number)
        else Share.ADVANCE
        for row in rows
        if row.is_money_step
    }


def is_paid(shares: Mapping[int, Share]) -> Case:
    """Whether a deadline of `grouped` is of an amount that the ASP has paid."""
    by_share: defaultdict[Share, list[int]] = defaultdict(list)
    for milestone, share in shares.items():
        by_share[share].append(milestone)
    advance = Q(prestation__amounts__advance_paid_on__isnull=False)
    for source in _paid:
        advance |= Q(prestation__in=source())
    return Case(
        When(Q(milestone__in=by_share[Share.ADVANCE]) & advance, then=True),
        When(
            milestone__in=by_share[Share.BALANCE],
            prestation__amounts__balance_paid_on__isnull=False,
            then=True,
        ),
        default=False,
        output_field=BooleanField(),
    )


def _sums(
    deadlines: Grouped, shares: Mapping[int, Share], seen: AmountsQuerySet
) -> Iterator[tuple[Group, bool, int, int]]:
    """(group, is paid, cents, how many). One query."""
    rows = (
        deadlines.filter(milestone__in=list(shares), prestation__amounts__in=seen.values("pk"))
        .annotate(is_paid=is_paid(shares))
        .values_list("prestation__supplier", "milestone", "state", "is_undone", "is_paid")
        .annotate(
            advance=Sum("prestation__amounts__advance"),
            balance=Sum("prestation__amounts__balance"),
            advances=Count("prestation__amounts__advance"),
            balances=Count("prestation__amounts__balance"),
        )
    )
    for supplier, milestone, state, is_undone, paid, *sums in rows:
        group = Group(supplier, milestone, State(state), bool(is_undone))
        advance, balance, advances, balances = sums
        if shares[milestone] == Share.ADVANCE:
            yield group, bool(paid), advance or 0, advances
        else:
            yield group, bool(paid), balance or 0, balances


class _Blocks:
    def __init__(self, stands: Stands) -> None:
        self.suppliers = stands.suppliers
        self.found: dict[tuple[str, int], Block] = {}

    def add(self, group: Group, stand: Stand, cents: int, count: int) -> None:
        supplier = self.suppliers[group.supplier]
        key = stand.why, supplier.organisation_id
        block = self.found.setdefault(
            key,
            Block(
                why=stand.why,
                who=", ".join(dict.fromkeys(one.who for one in stand.reasons)),
                supplier=supplier.organisation.name,
                organisation=supplier.organisation_id,
            ),
        )
        block.count += count
        block.cents += cents

    def listed(self) -> list[Block]:
        return sorted(self.found.values(), key=lambda one: (-one.cents, one.supplier, one.why))


@dataclass(frozen=True)
class Payment:
    """One payment of one prestation, as a line shows it."""

    cents: int | None
    state: MoneyState | None
    why: str
    deadline: int

    @property
    def amount(self) -> str:
        return "" if self.cents is None else euros(self.cents)


@dataclass(frozen=True)
class MoneyLine:
    prestation: Prestation
    payments: Mapping[Share, Payment]

    @property
    def advance(self) -> Payment | None:
        return self.payments.get(Share.ADVANCE)

    @property
    def balance(self) -> Payment | None:
        return self.payments.get(Share.BALANCE)


def money_lines(
    rows: Sequence[MatrixRow],
    milestones: Sequence[Milestone],
    seen: AmountsQuerySet,
    deadlines: Grouped,
) -> list[MoneyLine]:
    """`rows` of the matrix with their amounts; `deadlines` of these rows. Two queries."""
    shares = shares_of(milestones)
    amounts = seen.filter(prestation__in=[row.prestation.pk for row in rows])
    by_prestation = {one.prestation_id: one for one in amounts}
    paid = set(
        deadlines.filter(milestone__in=list(shares))
        .annotate(is_paid=is_paid(shares))
        .filter(is_paid=True)
        .values_list("pk", flat=True)
    )
    return [_line(row, shares, by_prestation.get(row.prestation.pk), paid) for row in rows]


def _line(
    row: MatrixRow, shares: Mapping[int, Share], amounts: Amounts | None, paid: set[int]
) -> MoneyLine:
    payments = {}
    for cell in row.cells:
        milestone = cell.column.milestone_of(row.prestation) if cell else None
        if cell is None or milestone is None or milestone.pk not in shares:
            continue
        share = shares[milestone.pk]
        cents = None
        if amounts:
            cents = amounts.advance if share == Share.ADVANCE else amounts.balance
        state = money_state(cell.standing, is_paid=cell.deadline in paid)
        why = cell.why if state in AT_STAKE else ""
        payments[share] = Payment(cents, state, why, cell.deadline)
    return MoneyLine(row.prestation, payments)


HEADER = (
    *SUBJECT,
    *("Avance (€)", "État de l'avance", "Solde (€)", "État du solde", "Bloqué par"),
)


def money_cells(lines: Iterable[MoneyLine]) -> Iterator[list[FileCell]]:
    for line in lines:
        cells = subject_cells(line.prestation)
        for payment in (line.advance, line.balance):
            cents = payment.cents if payment else None
            cells.append(None if cents is None else to_decimal(cents))
            cells.append(payment.state.word if payment and payment.state else None)
        cells.append(line.balance.why if line.balance else None)
        yield cells
