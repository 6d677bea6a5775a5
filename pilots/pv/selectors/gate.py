"""The gate of the RIS solde, from the database (DOMAIN §5)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Coalesce
from django.urls import reverse

from calendar_app.models import Deadline, Supplier
from calendar_app.rules.rights import Unmet
from parameters.selectors import values
from pilots.enums import VALIDATED_BY_ASP, AspRequestKind, AspRequestState, PVState
from pilots.pv.models import AspRequest, Pilot, PilotPV
from pilots.pv.rules.gate import PilotFacts, as_seen_by, solde_gate
from pilots.pv.rules.parameters import PER_SOLUTION, PILOT_CLIENTS, PILOT_SCOPE
from pilots.querysets import PilotQuerySet
from segur.lib import paris

SOLDE = 6
"""The number of the milestone «Dépôt des demandes de paiement du solde»."""

Key = tuple[int, int | None]
"""The scope of one gate: the solution, and the organisation of the Fournisseur unless the gate
counts for the whole solution."""


class PilotColumns(NamedTuple):
    """A pilot and its prestation: `PILOT_COLUMNS`."""

    pk: int
    prestation: int
    organisation: int
    client: int
    client_name: str
    merged_into: int | None
    solution: int
    supplier_organisation: int
    supplier_name: str


PILOT_COLUMNS = (
    "pk",
    "prestation",
    "prestation__organisation",
    "prestation__client",
    "prestation__client__name",
    "prestation__client__merged_into",
    "prestation__supplier__solution",
    "prestation__supplier__organisation",
    "prestation__supplier__organisation__name",
)


class RequestRow(NamedTuple):
    kind: str
    state: str
    validated_on: dt.date | None


class PVRow(NamedTuple):
    state: str
    decided_at: dt.datetime | None


def is_gated(deadline: Deadline) -> bool:
    """A milestone of a prestation that asks for the pilots: the solde of the RIS."""
    milestone = deadline.milestone
    return milestone is not None and milestone.needs_pilots and deadline.prestation is not None


def unmet_pilots(deadlines: Sequence[Deadline], now: dt.datetime) -> dict[int, list[Unmet]]:
    """A `calendar_app.selectors.gates.Gate`: why each of these may not be filed at `now`."""
    suppliers = {d.pk: d.prestation.supplier for d in deadlines if d.prestation and is_gated(d)}
    if not suppliers:
        return {}
    parameters = values(at=now)
    by_solution = parameters[PILOT_SCOPE] == PER_SOLUTION
    found = facts_of(
        Pilot.objects.filter(
            prestation__supplier__solution__in={s.solution_id for s in suppliers.values()}
        ),
        now=now,
        by_solution=by_solution,
    )
    return {
        pk: solde_gate(
            as_seen_by(supplier.organisation_id, found[key_of(supplier, by_solution=by_solution)]),
            supplier=supplier.organisation.name,
            url=reverse("pilots:index"),
            needed=int(parameters[PILOT_CLIENTS]),
        )
        for pk, supplier in suppliers.items()
    }


def justified(pilots: PilotQuerySet, *, now: dt.datetime) -> set[Key]:
    """The gates that these pilots open at `now`, as `PilotFacts.is_justified` says: two queries."""
    parameters = values(at=now)
    scope = ["prestation__supplier__solution"]
    if parameters[PILOT_SCOPE] != PER_SOLUTION:
        scope.append("prestation__supplier__organisation")
    of_prestation = AspRequest.objects.filter(prestation=OuterRef("prestation"))
    valid = of_prestation.filter(state__in=VALIDATED_BY_ASP)
    in_time = valid.exclude(validated_on__gt=paris.day(now))
    conform = PilotPV.objects.filter(pilot=OuterRef("pk"), state=PVState.CONFORM)
    counted = (
        pilots.current()
        .filter(*(Exists(in_time.filter(kind=kind)) for kind in AspRequestKind))
        .filter(Exists(conform.exclude(decided_at__gt=now)))
        .order_by()
        .values_list(*scope)
        .annotate(
            clients=Count(
                Coalesce("prestation__client__merged_into", "prestation__client"), distinct=True
            )
        )
        .filter(clients__gte=int(parameters[PILOT_CLIENTS]))
    )
    return {(row[0], row[1] if len(scope) > 1 else None) for row in counted}


def key_of(supplier: Supplier, *, by_solution: bool) -> Key:
    return supplier.solution_id, None if by_solution else supplier.organisation_id


def facts_of(
    pilots: PilotQuerySet, *, now: dt.datetime, by_solution: bool
) -> defaultdict[Key, list[PilotFacts]]:
    """The pilots that were not replaced, as they stood at `now`, by gate. Three queries."""
    rows = pilots.current().order_by("named_at", "pk").values_list(*PILOT_COLUMNS)
    pilot_rows = [PilotColumns(*row) for row in rows]
    requests: defaultdict[int, dict[str, RequestRow]] = defaultdict(dict)
    of_pilots = AspRequest.objects.filter(prestation__in=[row.prestation for row in pilot_rows])
    for prestation, *request in of_pilots.order_by().values_list("prestation", *RequestRow._fields):
        one = RequestRow(*request)
        requests[prestation][one.kind] = one
    pvs: dict[int, PVRow] = {}
    kept = PilotPV.objects.filter(pilot__in=[row.pk for row in pilot_rows])
    for pilot, *pv in kept.exclude(state=PVState.ABANDONED).values_list("pilot", *PVRow._fields):
        pvs.setdefault(pilot, PVRow(*pv))  # the newest comes first
    found: defaultdict[Key, list[PilotFacts]] = defaultdict(list)
    for row in pilot_rows:
        key = row.solution, None if by_solution else row.supplier_organisation
        found[key].append(_facts(row, requests[row.prestation], pvs.get(row.pk), now))
    return found


def _facts(
    row: PilotColumns, requests: Mapping[str, RequestRow], pv: PVRow | None, now: dt.datetime
) -> PilotFacts:
    return PilotFacts(
        client_id=row.merged_into or row.client,
        client=row.client_name,
        supplier=row.supplier_name,
        supplier_id=row.organisation,
        funding=_state(requests.get(AspRequestKind.FUNDING)),
        advance=_state(requests.get(AspRequestKind.ADVANCE)),
        pv=PVState(pv.state) if pv else None,
        later=tuple(_later(requests.values(), pv, now)),
        url=reverse("pilots:detail", args=[row.pk]),
    )


def _state(request: RequestRow | None) -> AspRequestState:
    return AspRequestState(request.state) if request else AspRequestState.TO_DEPOSIT


def _later(requests: Iterable[RequestRow], pv: PVRow | None, now: dt.datetime) -> Iterator[str]:
    """What was obtained only after the instant of the act."""
    for request in requests:
        if (
            request.state in VALIDATED_BY_ASP
            and request.validated_on
            and request.validated_on > paris.day(now)
        ):
            kind = AspRequestKind(request.kind).label.lower()
            yield f"{kind} validée le {request.validated_on:%d/%m/%Y}, après ce dépôt"
    if pv and pv.state == PVState.CONFORM and pv.decided_at and pv.decided_at > now:
        yield f"PV conforme le {paris.minute(pv.decided_at)}, après ce dépôt"
