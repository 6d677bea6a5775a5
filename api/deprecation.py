"""What goes away: an operation says since when, until when, and what takes its place."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.http import http_date

from segur.lib import paris

NOTICE = dt.timedelta(days=365)


@dataclass(frozen=True)
class Deprecation:
    """`since` and `ends` are days of Paris, twelve months apart at least; the operation still
    answers on the day `ends`. `instead`: what to call, for people."""

    since: dt.date
    ends: dt.date
    instead: str

    def __post_init__(self) -> None:
        if self.ends - self.since < NOTICE:
            raise ValueError("an operation goes away twelve months after its deprecation")

    @property
    def sentence(self) -> str:
        return (
            f"Déconseillée depuis le {self.since:%d/%m/%Y}, elle cesse de répondre après le "
            f"{self.ends:%d/%m/%Y} : {self.instead}"
        )

    def announce(self, response: HttpResponse, page: str) -> None:
        """The headers of RFC 9745 and RFC 8594, and where it is explained."""
        since = paris.at(self.since, dt.time.min)
        after = paris.at(self.ends + dt.timedelta(days=1), dt.time.min)
        response["Deprecation"] = f"@{int(since.timestamp())}"
        response["Sunset"] = http_date(after.timestamp())
        response["Link"] = f'<{page}>; rel="deprecation"; type="text/html"'


DEPRECATIONS: dict[str, dict[str, Deprecation]] = defaultdict(dict)
"""Name of address → method → what `api.guards` announces."""
