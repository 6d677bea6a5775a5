"""PERF of the prestations of an industriel, for its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from accounts.models import Organisation
from accounts.selectors.organisation_parts import OrganisationFact, OrganisationPart, address
from calendar_app.models import Prestation
from perf.rules.periods import containing
from perf.selectors.overview import VIEWS, overview
from perf.selectors.rules import period_kind

SHOWN = ("perf-1", "perf-0-5", "perf-0", "en-cours", "a-declarer")


def parts(organisation: Organisation, now: dt.datetime) -> Iterator[OrganisationPart]:
    """As a Fournisseur, in the present period."""
    now = now.replace(microsecond=0)
    period = containing(now, period_kind(now))
    own = Prestation.objects.filter(organisation=organisation.pk, dispositif__has_perf=True)
    rows = overview(own, period=period, now=now)
    facts = [
        OrganisationFact(
            VIEWS[name][0],
            count,
            address("perf:index", organisation=organisation.pk, vue=name),
            is_alarming=name in ("perf-0", "en-cours"),
        )
        for name in SHOWN
        if (count := sum(map(VIEWS[name][1], rows)))
    ]
    if facts:
        yield OrganisationPart(f"PERF, {period.label}", facts)
