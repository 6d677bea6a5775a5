"""Outages of a DRIMbox service, and the instant at which the tests draw up statements."""

from perf.enums import OutageNature, Period, Source
from perf.models import Outage
from perf.rules.periods import containing
from perf.services.outages import record
from segur.lib.instants import instant
from tests.by import acting

at = instant
NOW = at("01/03/2027 11:30")
YEAR_2027 = containing(NOW, Period.YEAR)
YEAR_2026 = YEAR_2027.previous


def outage(service, start, end, *, reference="p1", nature=OutageNature.OUTAGE, cause="", **fields):
    """As the supervision of the ANS records it; `fields` are then put on the outage."""
    recorded = record(
        service=service,
        source=Source.ANS,
        reference=reference,
        started_at=at(start),
        ended_at=at(end) if end else None,
        cause=cause,
        nature=nature,
        by=acting(None, NOW, "Supervision de l'ANS"),
    )
    found = Outage.objects.filter(pk=recorded.version.outage_id)
    if fields:
        found.update(**fields)
    return found.get()
