"""The gate of the RIS solde, from the database (DOMAIN §5)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    found: defaultdict[Key, list[PilotFacts]] = defaultdict(list)
    rows = list(
        pilots.current()
        .select_related("prestation__client", "prestation__supplier__organisation")
        .prefetch_related("pvs")
        .order_by("named_at", "pk")
    )
    requests: defaultdict[int, dict[str, AspRequest]] = defaultdict(dict)
    for request in AspRequest.objects.filter(prestation__in=[row.prestation_id for row in rows]):
        requests[request.prestation_id][request.kind] = request
    for pilot in rows:
        key = key_of(pilot.prestation.supplier, by_solution=by_solution)
        found[key].append(_facts(pilot, requests[pilot.prestation_id], now))
    return found


def _facts(pilot: Pilot, requests: Mapping[str, AspRequest], now: dt.datetime) -> PilotFacts:
    pv = next((pv for pv in pilot.pvs.all() if pv.state != PVState.ABANDONED), None)
    return PilotFacts(
        client_id=pilot.prestation.client.merged_into_id or pilot.prestation.client_id,
        client=pilot.prestation.client.name,
        supplier=pilot.prestation.supplier.organisation.name,
        supplier_id=pilot.prestation.organisation_id,
        funding=_state(requests.get(AspRequestKind.FUNDING)),
        advance=_state(requests.get(AspRequestKind.ADVANCE)),
        pv=PVState(pv.state) if pv else None,
        later=tuple(_later(requests.values(), pv, now)),
        url=reverse("pilots:detail", args=[pilot.pk]),
    )


def _state(request: AspRequest | None) -> AspRequestState:
    return AspRequestState(request.state) if request else AspRequestState.TO_DEPOSIT


def _later(requests: Iterable[AspRequest], pv: PilotPV | None, now: dt.datetime) -> Iterator[str]:
    """What was obtained only after the instant of the act."""
    for request in requests:
        if (
            request.state in VALIDATED_BY_ASP
            and request.validated_on
            and request.validated_on > paris.day(now)
        ):
            kind = request.get_kind_display().lower()
            yield f"{kind} validée le {request.validated_on:%d/%m/%Y}, après ce dépôt"
    if pv and pv.state == PVState.CONFORM and pv.decided_at and pv.decided_at > now:
        yield f"PV conforme le {paris.minute(pv.decided_at)}, après ce dépôt"
