"""What the supervision reported and no service took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from perf.models import ProbeEvent
from segur.lib.texts import clean

LONGEST = 200


@dataclass(frozen=True)
class WaitingProbe:
    """A probe that no service has, and its last report."""

    probe_id: str
    incidents: int
    last: ProbeEvent

    @property
    def reported(self) -> dict[str, Any]:
        attributes: dict[str, Any] = self.last.payload["data"]["attributes"]
        return attributes

    @property
    def name(self) -> str:
        return self._shown("name")

    @property
    def url(self) -> str:
        return self._shown("url")

    def _shown(self, attribute: str) -> str:
        """What it says, where it is a text, as long as a page can show."""
        value = self.reported.get(attribute)
        return clean(value)[:LONGEST] if isinstance(value, str) else ""


def waiting_probes() -> list[WaitingProbe]:
    """The last received first; incidents without a probe are nobody's."""
    rows = list(
        ProbeEvent.objects.filter(service=None)
        .exclude(probe_id="")
        .values("probe_id")
        .annotate(incidents=Count("incident", distinct=True), last=Max("pk"))
        .order_by("-last")
    )
    events = ProbeEvent.objects.in_bulk([row["last"] for row in rows])
    return [WaitingProbe(row["probe_id"], row["incidents"], events[row["last"]]) for row in rows]
