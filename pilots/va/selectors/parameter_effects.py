"""What a change of the parameters of the VA changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from calendar_app.models import Prestation
from parameters.rules.effects import Figures, Measure
from parameters.selectors import value
from pilots.va.models import VA
from pilots.va.rules.parameters import VA_NUDGE_DAYS
from pilots.va.selectors.va import unanswered


def nudges(at: dt.datetime) -> Figures:
    """The day on which the Fournisseur of each VA that awaits its RIS is asked for news."""
    days = dt.timedelta(days=int(value(VA_NUDGE_DAYS, at=at)))
    rows = unanswered().values_list("pk", "signed_on")
    return {
        pk: (f"relance à partir du {signed_on + days:%d/%m/%Y}", None) for pk, signed_on in rows
    }


def _organisations(pks: Collection[int]) -> set[int]:
    of_va = VA.objects.filter(pk__in=pks).values("prestation")
    return set(Prestation.objects.filter(pk__in=of_va).values_list("organisation", flat=True))


MEASURES = (
    Measure(
        frozenset({VA_NUDGE_DAYS}),
        "VA dont la relance change de jour",
        "VA dont la relance change de jour",
        nudges,
        _organisations,
    ),
)
