"""The amounts of one prestation, as its page shows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calendar_app.models import Amounts, Prestation
from calendar_app.querysets import organisations_with_amounts
from calendar_app.rules.money import Share, by_share, euros
from calendar_app.rules.parameters import ADVANCE_SHARE, ANS_SEES_AMOUNTS
from parameters.selectors import value

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class ShownAmount:
    """`amount` as recorded, "" for none; `deduced` from the other by the share of the parameter."""

    share: Share
    amount: str
    deduced: str
    paid_on: dt.date | None


@dataclass(frozen=True)
class AmountsShown:
    lines: tuple[ShownAmount, ...]
    percentage: str
    may_edit: bool


def ans_sees(now: dt.datetime) -> bool:
    return bool(value(ANS_SEES_AMOUNTS, at=now))


def may_record(prestation: Prestation, user: User, *, now: dt.datetime) -> bool:
    """Who files for its Fournisseur."""
    return prestation.organisation_id in organisations_with_amounts(user, ans_sees=ans_sees(now))


def amounts_of(prestation: Prestation, user: User, *, now: dt.datetime) -> AmountsShown | None:
    """None for who may not see them."""
    may_edit = may_record(prestation, user, now=now)
    if not may_edit and not (user.is_ans and ans_sees(now)):
        return None
    row = Amounts.objects.filter(prestation=prestation).first() or Amounts()
    percentage = str(value(ADVANCE_SHARE, at=now))
    lines = (
        _line(Share.ADVANCE, row.advance, row.balance, row.advance_paid_on, percentage),
        _line(Share.BALANCE, row.balance, row.advance, row.balance_paid_on, percentage),
    )
    return AmountsShown(lines, percentage.replace(".", ","), may_edit)


def _line(
    share: Share, cents: int | None, other: int | None, paid_on: dt.date | None, percentage: str
) -> ShownAmount:
    deduced = None
    if cents is None and other is not None and percentage:
        deduced = by_share(other, percentage, known_is_advance=share == Share.BALANCE)
    return ShownAmount(
        share,
        "" if cents is None else euros(cents),
        "" if deduced is None else euros(deduced),
        paid_on,
    )
