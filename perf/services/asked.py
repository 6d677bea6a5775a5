"""What a party asks of the ANS where its act would lower D_f."""

from __future__ import annotations

from typing import Any

from perf.enums import CorrectionAct
from perf.models import Outage, OutageVersion
from perf.selectors.outage_history import value_lines
from perf.services.proposals import Proposal


def target_of(version: OutageVersion) -> str:
    return f"version {version.pk}"


def revision_asked(
    version: OutageVersion, *, before: dict[str, Any], after: dict[str, Any]
) -> Proposal:
    """The correction of a version: its values and its nature, in JSON values."""
    changes = ", ".join(value_lines(after, before))
    return Proposal(
        CorrectionAct.RECORD,
        target_of(version),
        f"Version {version} : {changes}",
        {"source": version.source, "reference": version.reference, **after},
        version.outage_id,
    )


def merge_asked(kept: Outage, gone: Outage) -> Proposal:
    first, second = sorted((kept.pk, gone.pk))
    return Proposal(
        CorrectionAct.MERGE,
        f"rapprochement {first} {second}",
        f"{kept.name.capitalize()} rapprochée de la {gone.name}",
        {"kept": kept.pk, "gone": gone.pk},
        kept.pk,
        gone.pk,
    )


def separation_asked(kept: Outage, version: OutageVersion) -> Proposal:
    return Proposal(
        CorrectionAct.SEPARATE,
        f"séparation {version.pk}",
        f"{kept.name.capitalize()}, version {version} séparée",
        {"version": version.pk},
        kept.pk,
    )
