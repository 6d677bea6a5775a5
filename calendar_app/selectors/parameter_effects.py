"""What a change of the parameters of the filings changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import partial

from django.db.models import F

from calendar_app.enums import Channel
from calendar_app.models import Deadline, Filing
from calendar_app.rules.parameters import (
    ASP_URL,
    CONVERGENCE_URL,
    NOON_IN_TIME,
    ORDER_REFUSED,
)
from calendar_app.selectors.order import undone_before
from parameters.rules.effects import Figures, Measure
from parameters.selectors import value, value_at_any


def filings_at_noon(_at: dt.datetime) -> Figures:
    """The filings made at the very instant of their deadline: the only ones that it decides."""
    noon = value_at_any(NOON_IN_TIME)
    filed = Filing.objects.filed().filter(deposited_at=F("due_at"))
    return {
        deadline: ("dans les délais" if noon(deposited_at) else "en retard", None)
        for deadline, deposited_at in filed.values_list("deadline", "deposited_at")
        if deposited_at
    }


def out_of_order(at: dt.datetime) -> Figures:
    """The payments to declare whose realisation is not declared."""
    refused = "refusé" if value(ORDER_REFUSED, at=at) else "à confirmer"
    steps = Deadline.objects.open().filter(milestone__is_money_step=True)
    undone = undone_before(list(steps.select_related("milestone")))
    return dict.fromkeys(undone, (refused, None))


def filed_on(channel: Channel, key: str, at: dt.datetime) -> Figures:
    """The deadlines to do that show the address of this channel."""
    address = str(value(key, at=at))
    open_deadlines = Deadline.objects.open().filter(milestone__channel=channel)
    return dict.fromkeys(open_deadlines.values_list("pk", flat=True), (address, None))


def _organisations(pks: Collection[int]) -> set[int]:
    return set(Deadline.objects.filter(pk__in=pks).values_list("organisation", flat=True))


MEASURES = (
    Measure(
        frozenset({NOON_IN_TIME}),
        "dépôt jugé autrement",
        "dépôts jugés autrement",
        filings_at_noon,
        _organisations,
    ),
    Measure(
        frozenset({ORDER_REFUSED}),
        "solde à déclarer avant sa réalisation",
        "soldes à déclarer avant leur réalisation",
        out_of_order,
        _organisations,
    ),
    *(
        Measure(
            frozenset({key}),
            "échéance à faire dont l'adresse de dépôt change",
            "échéances à faire dont l'adresse de dépôt change",
            partial(filed_on, channel, key),
            _organisations,
        )
        for channel, key in ((Channel.CONVERGENCE, CONVERGENCE_URL), (Channel.ASP, ASP_URL))
    ),
)
