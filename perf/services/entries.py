"""What the journal keeps of outages.

What a source says is about its version, and what is decided of an outage is about the outage: a
version that moves to another outage takes its lines along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from journal.models import Entry
from journal.rules.by import By
from journal.services.entries import write
from perf.models import OutageVersion
from perf.rules.workflow import IMPORT, REVISE, bulk_key
from perf.selectors.corrections import in_json
from segur.lib.numbers import counted, plural


def values_of(version: OutageVersion) -> dict[str, Any]:
    """What a version says, in JSON values."""
    return in_json({name: getattr(version, name) for name in ("started_at", "ended_at", "cause")})


def values_with_nature(version: OutageVersion) -> dict[str, Any]:
    return {**values_of(version), "nature": version.outage.nature}


@dataclass(frozen=True)
class Revision:
    """A version that has taken other values: those before and those after."""

    version: OutageVersion
    before: dict[str, Any]
    after: dict[str, Any]

    def write(self, by: By) -> Entry:
        what = f"Version modifiée : {self.version}"
        return write_version(
            self.version, REVISE, by=by, what=what, before=self.before, after=self.after
        )


def write_version(version: OutageVersion, act: str, *, by: By, what: str, **values: Any) -> Entry:
    return write(version, act, by=by, what=what, label=str(version.outage), **values)


def write_import(
    versions: Sequence[OutageVersion], *, before: dict[int, dict[str, Any]], by: By
) -> None:
    """One entry for each Fournisseur of a file; `before`: of the versions that have changed."""
    found: dict[int, list[OutageVersion]] = {}
    for version in versions:
        found.setdefault(version.organisation_id, []).append(version)
    for rows in found.values():
        write_version(
            rows[0],
            IMPORT,
            by=by,
            what=f"{counted(len(rows), 'indisponibilité')} importée{plural(len(rows))}",
            many=rows,
            before={bulk_key(row.pk): before[row.pk] for row in rows if row.pk in before},
            after={bulk_key(row.pk): values_with_nature(row) for row in rows},
        )
