"""Reads of the pilot Clients: their requests to the ASP, their PV, and what comes next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.permissions import preparable
from calendar_app.models import Prestation, Supplier
from parameters.selectors import value
from pilots.enums import VALIDATED_BY_ASP, AspRequestKind, AspRequestState, PVState
from pilots.permissions import can_review_for
from pilots.pv.models import AspRequest, Pilot, PilotPV
from pilots.pv.rules.parameters import PER_SOLUTION, PILOT_SCOPE
from pilots.pv.rules.review import shown
from pilots.pv.selectors.words import PV_MEANINGS, REQUEST_MEANINGS, SHORT
from segur.lib.remaining import Meaning
from teamwork.selectors.charges import people_in_charge

if TYPE_CHECKING:
    from accounts.models import User


def pilots_seen(user: User) -> QuerySet[Pilot]:
    return Pilot.objects.visible_to(user).select_related(
        "prestation__client",
        "prestation__dispositif",
        "prestation__organisation",
        "prestation__supplier__organisation",
        "prestation__supplier__solution__organisation",
    )


def suppliers_seen(user: User) -> QuerySet[Supplier]:
    """The Fournisseurs of RIS solutions, of which pilots are asked."""
    return (
        Supplier.objects.visible_to(user)
        .filter(solution__dispositif__has_pilots=True)
        .select_related("organisation", "solution__organisation", "solution__dispositif")
    )


def suppliers_in_order(user: User) -> QuerySet[Supplier]:
    """One's own first, then those that have named a Client; the ANS sees these alone."""
    named = Pilot.objects.filter(prestation__supplier=OuterRef("pk"))
    rows = suppliers_seen(user).annotate(
        has_pilots=Exists(named), is_mine=Q(organisation__in=preparable(user))
    )
    if user.is_ans:
        rows = rows.filter(has_pilots=True)
    return rows.order_by("-is_mine", "-has_pilots", "solution__name", "organisation__name", "pk")


def nameable(supplier: Supplier) -> QuerySet[Prestation]:
    """The prestations of a Fournisseur whose Client may be named a pilot."""
    named = Pilot.objects.current().values("prestation")
    return supplier.prestations.exclude(pk__in=named).select_related("client")


def with_choices(suppliers: Iterable[Supplier]) -> set[int]:
    """Of these Fournisseurs, those with a Client left to name; one query."""
    named = Pilot.objects.current().values("prestation")
    left = Prestation.objects.filter(supplier__in=list(suppliers)).exclude(pk__in=named)
    return set(left.values_list("supplier", flat=True))


def same_client(prestation: Prestation, *, now: dt.datetime) -> Pilot | None:
    """The pilot that already has this Client in the same gate: within one Fournisseur there is one
    prestation per Client, so only a gate for the whole solution can have two.
    """
    if value(PILOT_SCOPE, at=now) != PER_SOLUTION:
        return None
    client = prestation.client.merged_into_id or prestation.client_id
    return (
        Pilot.objects.current()
        .filter(
            Q(prestation__client=client) | Q(prestation__client__merged_into=client),
            prestation__supplier__solution=prestation.supplier.solution_id,
        )
        .exclude(prestation=prestation)
        .select_related("prestation__organisation")
        .first()
    )


@dataclass(frozen=True)
class RequestLine:
    """A request to the ASP on a page; `row` is None for a prestation that never was a pilot."""

    kind: AspRequestKind
    row: AspRequest | None

    @property
    def state(self) -> AspRequestState:
        return AspRequestState(self.row.state) if self.row else AspRequestState.TO_DEPOSIT

    @property
    def meaning(self) -> Meaning:
        return REQUEST_MEANINGS[self.state]

    @property
    def short(self) -> str:
        return SHORT.get(self.state, self.state.label)


@dataclass(frozen=True)
class PilotStep:
    """The next thing for a pilot Client, who does it, and where, with the words of the button; no
    `url` when there is nothing to do here.
    """

    what: str
    who: str = ""
    url: str = ""
    label: str = "Ouvrir le PV"


@dataclass(frozen=True)
class PilotRow:
    """A pilot Client with its requests and its PV, None before there is one; `pv_state` is what
    the reader may know of its state, `pv_url` is empty for who may not open it.
    """

    pilot: Pilot
    requests: Sequence[RequestLine]
    pv: PilotPV | None
    pv_state: PVState | None
    pv_url: str
    person: User | None = None

    @property
    def is_done(self) -> bool:
        return self.pv is not None and self.pv.state == PVState.CONFORM

    @property
    def pv_meaning(self) -> Meaning:
        return PV_MEANINGS[self.pv_state] if self.pv_state else Meaning.NEUTRAL

    @property
    def pv_label(self) -> str:
        return str(self.pv_state.label) if self.pv_state else "À préparer"

    @property
    def pv_short(self) -> str:
        return SHORT.get(self.pv_state, self.pv_label) if self.pv_state else self.pv_label

    @property
    def next(self) -> PilotStep:
        """The requests first: without them the PV may be prepared, but not sent."""
        if self.pilot.withdrawn_at:
            return PilotStep("N'est plus pilote.")
        supplier = self.pilot.prestation.organisation.name
        for line in self.requests:
            if line.state not in VALIDATED_BY_ASP:
                return _next_of(line, supplier)
        if self.pv is None or self.pv_state is None:
            return PilotStep(
                "Préparer le PV.", supplier, reverse("pilots:detail", args=[self.pilot.pk])
            )
        if self.pv_state == PVState.CONFORM:
            return PilotStep("Rien à faire : le PV est conforme.", url=self.pv_url)
        what, is_ours = _PV_STEPS[self.pv_state]
        return PilotStep(what, supplier if is_ours else "ANS", self.pv_url)


def _next_of(line: RequestLine, supplier: str) -> PilotStep:
    what, is_ours = _REQUEST_STEPS[line.state]
    url = reverse("pilots:request", args=[line.row.pk]) if line.row else ""
    who = supplier if is_ours else "ASP"
    return PilotStep(f"{line.kind.label} : {what}.", who, url, "Enregistrer ce que l'ASP répond")


_REQUEST_STEPS = {
    AspRequestState.TO_DEPOSIT: ("la déposer à l'ASP, puis l'enregistrer sur ce site", True),
    AspRequestState.DEPOSITED: ("attendre que l'ASP la valide", False),
    AspRequestState.INCOMPLETE: ("la compléter à l'ASP", True),
    AspRequestState.TO_MODIFY: ("la modifier à l'ASP", True),
}
_PV_STEPS = {
    PVState.DRAFT: ("Compléter le PV et le faire signer par le Client.", True),
    PVState.SIGNED: ("Transmettre le PV à l'ANS.", True),
    PVState.SENT: ("Attendre le contrôle du PV.", False),
    PVState.IN_REVIEW: ("Attendre le résultat du contrôle.", False),
    PVState.TO_CONFIRM: ("Attendre le résultat du contrôle.", False),
    PVState.TO_TAKE_EFFECT: ("Attendre le résultat du contrôle.", False),
    PVState.NOT_CONFORM: ("Corriger le PV, ou remplacer le Client.", True),
}


def pilot_rows(pilots: Iterable[Pilot], user: User) -> list[PilotRow]:
    """Rows of pilots loaded by `pilots_seen`, as this person may read them: three queries more."""
    pilots = list(pilots)
    requests = _requests(pilots)
    seen = Exists(PilotPV.objects.visible_to(user).filter(pk=OuterRef("pk")))
    pvs = PilotPV.objects.filter(pilot__in=pilots).exclude(state=PVState.ABANDONED)
    alive = {pv.pilot_id: pv for pv in pvs.annotate(is_seen=seen)}
    own = {alive[p.pk].pk: p.prestation.organisation_id for p in pilots if p.pk in alive}
    people = people_in_charge(PilotPV, own, user)
    return [
        PilotRow(
            pilot=pilot,
            requests=requests[pilot.prestation_id],
            pv=(pv := alive.get(pilot.pk)),
            pv_state=_shown(pv, pilot, user) if pv else None,
            pv_url=_url(pv) if pv else "",
            person=people.get(pv.pk) if pv else None,
        )
        for pilot in pilots
    ]


def _url(pv: PilotPV) -> str:
    """Of a PV loaded with `is_seen`."""
    return reverse("pilots:pv", args=[pv.pk]) if getattr(pv, "is_seen", False) else ""


def _shown(pv: PilotPV, pilot: Pilot, user: User) -> PVState:
    return shown(PVState(pv.state), to_reviewer=can_review_for(user, pilot.prestation))


def pilot_row(pilot: Pilot, user: User) -> PilotRow:
    return pilot_rows([pilot], user)[0]


def requests_of(pilot: Pilot) -> list[RequestLine]:
    return _requests([pilot])[pilot.prestation_id]


def _requests(pilots: Sequence[Pilot]) -> dict[int, list[RequestLine]]:
    """By prestation, a line of each kind."""
    found: defaultdict[int, dict[str, AspRequest]] = defaultdict(dict)
    for one in AspRequest.objects.filter(prestation__in=[p.prestation_id for p in pilots]):
        found[one.prestation_id][one.kind] = one
    return {
        key: [RequestLine(kind, found[key].get(kind)) for kind in AspRequestKind]
        for key in (pilot.prestation_id for pilot in pilots)
    }
