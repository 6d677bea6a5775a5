"""Outages as rows of a file: one a version, what each source says and what happened to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

from perf.models import Outage
from perf.querysets import OutageVersionQuerySet
from perf.rules.periods import MOMENT, containing
from perf.selectors.rules import ParkRules, park_rules, period_kind
from perf.selectors.situations import to_engine
from segur.lib.tables import Cell

HEADER = (
    "Service",
    "Début (heure de Paris)",
    "Fin (heure de Paris)",
    "Source",
    "Référence",
    "Cause",
    "Nature",
    "Client",
    "Situation",
    "Version comptée",
    "Comptée dans D_f",
)
"""Titles that the import reads: a file can be corrected and read again."""


def outage_cells(versions: OutageVersionQuerySet, *, now: dt.datetime) -> Iterator[list[Cell]]:
    """The last two: it is the version that counts, if any does; and the outage counts in D_f."""
    kind, found = period_kind(now), park_rules(now).found

    @cache
    def rules_of(at: dt.datetime) -> ParkRules:
        return ParkRules(at, found)

    def counts(outage: Outage) -> bool:
        """By the rules at the end of the period in which it begins, or now while that lasts."""
        at = min(now, containing(outage.started_at, kind).end - MOMENT)
        return outage.started_at <= now and to_engine(outage, rules_of(at).of()).left_out is None

    rows = versions.select_related("outage", "service__prestation__client")
    for version in rows.order_by("service__code", "started_at", "pk").iterator():
        outage = version.outage
        is_counting = outage.counting_id == version.pk
        yield [
            version.service.code,
            version.started_at,
            version.ended_at,
            version.source,
            version.reference,
            version.cause,
            outage.nature if is_counting else None,
            version.service.prestation.client.name,
            outage.get_standing_display(),
            "oui" if is_counting else "non",
            "oui" if is_counting and counts(outage) else "non",
        ]
