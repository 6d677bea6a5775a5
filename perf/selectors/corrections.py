"""What a person corrected in a version of the supervision, and what it has reported since.

A value that somebody else gave stays, as that of a decision does, whatever the supervision says
later (ADR 0012): that is kept in the journal. Except an end, where the incident was still going on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from journal.enums import Origin
from journal.models import Entry
from perf.models import OutageVersion

INSTANTS = ("started_at", "ended_at")


def last_reported(version: OutageVersion) -> dict[str, Any]:
    """Field → what the supervision last reported of it; nothing of what it never reported.

    An entry of its own keeps what the version took, or what it did not (`workflow.REPORT`).
    """
    found: dict[str, Any] = {}
    reports = Entry.objects.of(version).filter(origin=Origin.WEBHOOK).order_by("pk")
    for before, after in reports.values_list("before", "after"):
        found |= {name: value for name, value in after.items() if before.get(name, ...) != value}
    return values_of(found)


def held(
    version: OutageVersion, says: Mapping[str, Any], earlier: Mapping[str, Any]
) -> dict[str, Any]:
    """Field → the value that stays, of those that `version` did not have from `earlier`."""
    ours = {name: getattr(version, name) for name in says}
    kept = {name: value for name, value in ours.items() if earlier.get(name, ...) != value}
    end_is_news = says["ended_at"] != earlier.get("ended_at")
    if version.ended_at is None and end_is_news:
        kept.pop("ended_at", None)
    result = {**says, **kept}
    if result["ended_at"] and result["ended_at"] < result["started_at"]:
        return ours
    return kept


def news(
    kept: Mapping[str, Any], says: Mapping[str, Any], earlier: Mapping[str, Any]
) -> dict[str, Any]:
    """Of what is not taken up, what was not reported before: as the journal keeps it."""
    fresh = {
        name: says[name]
        for name, value in kept.items()
        if says[name] != value and says[name] != earlier.get(name, ...)
    }
    return in_json(fresh)


def in_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """From the values of a version to the journal's texts."""
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in values.items()
    }


def values_of(reported: Mapping[str, Any]) -> dict[str, Any]:
    """From the journal's texts to the values of a version."""
    return {
        name: dt.datetime.fromisoformat(value) if value and name in INSTANTS else value
        for name, value in reported.items()
    }
