"""Reads of the pilot Clients and of their PV."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse

from calendar_app.models import Milestone, Prestation, Supplier
from calendar_app.rules.parameters import PER_SOLUTION, PILOT_CLIENTS, PILOT_SCOPE
from calendar_app.rules.remaining import Meaning
from calendar_app.rules.rights import Unmet
from calendar_app.selectors.parameters import value, values
from pilots.enums import (
    VALIDATED_BY_ASP,
    AspRequestKind,
    AspRequestState,
    PVState,
    SignatureState,
)
from pilots.models import AspRequest, Pilot, PilotPV, Publication, PVEvent, PVFile
from pilots.permissions import can_edit
from pilots.rules.gate import as_seen_by, justified_clients, solde_gate
from pilots.rules.precheck import PVFacts
from pilots.selectors.gate import facts_of, key_of
from pilots.selectors.publications import current_publications
from segur.lib import paris

if TYPE_CHECKING:
    from accounts.models import User

REALISATION = 5
"""The number of the milestone «Réalisation des Prestations Ségur»."""

PV_MEANINGS = {
    PVState.DRAFT: Meaning.NEUTRAL,
    PVState.SIGNED: Meaning.TO_COME,
    PVState.SENT: Meaning.TO_COME,
    PVState.IN_REVIEW: Meaning.TO_COME,
    PVState.TO_CONFIRM: Meaning.SOON,
    PVState.CONFORM: Meaning.DONE,
    PVState.NOT_CONFORM: Meaning.LATE,
    PVState.ABANDONED: Meaning.NEUTRAL,
}
REQUEST_MEANINGS = {
    AspRequestState.TO_DEPOSIT: Meaning.NEUTRAL,
    AspRequestState.DEPOSITED: Meaning.TO_COME,
    AspRequestState.INCOMPLETE: Meaning.SOON,
    AspRequestState.TO_MODIFY: Meaning.SOON,
    AspRequestState.VALIDATED: Meaning.DONE,
    AspRequestState.PAID: Meaning.DONE,
}
SHORT = {
    PVState.SIGNED: "Signé",
    PVState.SENT: "Transmis",
    PVState.TO_CONFIRM: "À confirmer",
    AspRequestState.VALIDATED: "Validée",
}
"""For the cells of a table, where the label is longer."""

SIGNATURE_MEANINGS = {
    SignatureState.VALID: Meaning.DONE,
    SignatureState.UNTRUSTED: Meaning.SOON,
    SignatureState.NONE: Meaning.NEUTRAL,
    SignatureState.BROKEN: Meaning.LATE,
}


def pilots_seen(user: User) -> QuerySet[Pilot]:
    return Pilot.objects.visible_to(user).select_related(
        "prestation__client",
        "prestation__dispositif",
        "prestation__organisation",
        "prestation__supplier__organisation",
        "prestation__supplier__solution__organisation",
    )


def pvs_seen(user: User) -> QuerySet[PilotPV]:
    return PilotPV.objects.visible_to(user).select_related(
        "assigned_to",
        "pilot__prestation__client",
        "pilot__prestation__dispositif",
        "pilot__prestation__organisation",
        "pilot__prestation__supplier__organisation",
        "pilot__prestation__supplier__solution__organisation",
    )


def suppliers_seen(user: User) -> QuerySet[Supplier]:
    """The Fournisseurs of RIS solutions, of which pilots are asked."""
    return (
        Supplier.objects.visible_to(user)
        .filter(solution__dispositif__needs_proxy=False)
        .select_related("organisation", "solution__organisation", "solution__dispositif")
    )


def nameable(supplier: Supplier) -> QuerySet[Prestation]:
    """The prestations of a Fournisseur whose Client may be named a pilot."""
    named = Pilot.objects.current().values("prestation")
    return supplier.prestations.exclude(pk__in=named).select_related("client")


def same_client(prestation: Prestation, *, now: dt.datetime) -> Pilot | None:
    """The pilot that already has this Client in the same gate: within one Fournisseur there is one
    prestation per Client, so only a gate for the whole solution can have two.
    """
    if value(PILOT_SCOPE, at=now) != PER_SOLUTION:
        return None
    return (
        Pilot.objects.current()
        .filter(
            prestation__supplier__solution=prestation.supplier.solution_id,
            prestation__client=prestation.client_id,
        )
        .exclude(prestation=prestation)
        .select_related("prestation__organisation")
        .first()
    )


SIGNATURE_SHORT = {
    SignatureState.VALID: "Valide",
    SignatureState.BROKEN: "Modifié après signature",
    SignatureState.UNTRUSTED: "Auteur non vérifiable",
    SignatureState.NONE: "Manuscrite",
}


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
class Step:
    """The next thing for a pilot Client, who does it, and where, with the words of the button; no
    `url` when there is nothing to do here.
    """

    what: str
    who: str = ""
    url: str = ""
    label: str = "Ouvrir le PV"


@dataclass(frozen=True)
class PilotRow:
    """A pilot Client with its requests and its PV, None before there is one."""

    pilot: Pilot
    requests: Sequence[RequestLine]
    pv: PilotPV | None

    @property
    def pv_meaning(self) -> Meaning:
        return PV_MEANINGS[PVState(self.pv.state)] if self.pv else Meaning.NEUTRAL

    @property
    def pv_label(self) -> str:
        return self.pv.get_state_display() if self.pv else "À préparer"

    @property
    def pv_short(self) -> str:
        return SHORT.get(PVState(self.pv.state), self.pv_label) if self.pv else self.pv_label

    @property
    def next(self) -> Step:
        """The requests first: without them the PV may be prepared, but not sent."""
        if self.pilot.withdrawn_at:
            return Step("N'est plus pilote.")
        supplier = self.pilot.prestation.organisation.name
        for line in self.requests:
            if line.state not in VALIDATED_BY_ASP:
                return _next_of(line, supplier)
        if self.pv is None:
            return Step("Préparer le PV.", supplier, reverse("pilots:detail", args=[self.pilot.pk]))
        url = reverse("pilots:pv", args=[self.pv.pk])
        if self.pv.state == PVState.CONFORM:
            return Step("Rien : son PV est conforme.", url=url)
        what, is_ours = _PV_STEPS[PVState(self.pv.state)]
        return Step(what, supplier if is_ours else "ANS", url)


def _next_of(line: RequestLine, supplier: str) -> Step:
    what, is_ours = _REQUEST_STEPS[line.state]
    url = reverse("pilots:request", args=[line.row.pk]) if line.row else ""
    who = supplier if is_ours else "ASP"
    return Step(f"{line.kind.label} : {what}.", who, url, "Enregistrer ce que l'ASP répond")


_REQUEST_STEPS = {
    AspRequestState.TO_DEPOSIT: ("la déposer à l'ASP, puis l'enregistrer ici", True),
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
    PVState.NOT_CONFORM: ("Corriger le PV, ou remplacer le Client.", True),
}


@dataclass(frozen=True)
class Perimeter:
    """The pilot perimeter of one Fournisseur for one RIS solution."""

    supplier: Supplier
    needed: int
    done: int
    rows: Sequence[PilotRow]
    withdrawn: Sequence[PilotRow]
    reasons: Sequence[dict[str, Any]]
    may_name: bool
    publication: Publication | None

    @property
    def is_open(self) -> bool:
        return not self.reasons

    @property
    def free_places(self) -> int:
        return max(0, self.needed - len(self.rows))

    @property
    def places(self) -> range:
        """The numbers of the places that no Client has yet."""
        return range(len(self.rows) + 1, self.needed + 1)


def perimeters(user: User, suppliers: Sequence[Supplier], *, now: dt.datetime) -> list[Perimeter]:
    """One per Fournisseur of a RIS solution, those where something is to be done first. The queries
    do not grow with them.
    """
    parameters = values(at=now)
    by_solution, needed = parameters[PILOT_SCOPE] == PER_SOLUTION, int(parameters[PILOT_CLIENTS])
    solutions = {supplier.solution_id for supplier in suppliers}
    of_gate = Pilot.objects.filter(prestation__supplier__solution__in=solutions)
    facts = facts_of(of_gate, now=now, by_solution=by_solution)
    rows: defaultdict[int, list[PilotRow]] = defaultdict(list)
    for row in pilot_rows(pilots_seen(user).filter(prestation__supplier__in=suppliers)):
        rows[row.pilot.prestation.supplier_id].append(row)
    publications = current_publications(solutions)
    found = []
    for supplier in suppliers:
        key = key_of(supplier, by_solution=by_solution)
        known = as_seen_by(supplier.organisation_id, facts[key])
        unmet = solde_gate(
            known,
            supplier=supplier.organisation.name,
            url=reverse("pilots:name", args=[supplier.pk]),
            needed=needed,
        )
        mine = rows[supplier.pk]
        found.append(
            Perimeter(
                supplier=supplier,
                needed=needed,
                done=len(justified_clients(known)),
                rows=[row for row in mine if row.pilot.withdrawn_at is None],
                withdrawn=[row for row in mine if row.pilot.withdrawn_at],
                reasons=lines_of(unmet),
                may_name=can_name(user, supplier),
                publication=publications.get(key),
            )
        )
    return sorted(found, key=lambda one: (not one.rows, one.is_open))


def can_name(user: User, supplier: Supplier) -> bool:
    return can_edit(user, Prestation(organisation_id=supplier.organisation_id))


def pilot_rows(pilots: Iterable[Pilot]) -> list[PilotRow]:
    """Rows of pilots loaded by `pilots_seen`: two queries more."""
    pilots = list(pilots)
    requests: defaultdict[int, dict[str, AspRequest]] = defaultdict(dict)
    for one in AspRequest.objects.filter(prestation__in=[p.prestation_id for p in pilots]):
        requests[one.prestation_id][one.kind] = one
    alive = {
        pv.pilot_id: pv
        for pv in PilotPV.objects.filter(pilot__in=pilots).exclude(state=PVState.ABANDONED)
    }
    return [
        PilotRow(
            pilot=pilot,
            requests=[
                RequestLine(kind, requests[pilot.prestation_id].get(kind))
                for kind in AspRequestKind
            ],
            pv=alive.get(pilot.pk),
        )
        for pilot in pilots
    ]


def pilot_row(pilot: Pilot) -> PilotRow:
    return pilot_rows([pilot])[0]


def lines_of(unmet: Iterable[Unmet]) -> list[dict[str, Any]]:
    """For `components/_reasons.html`."""
    return [{"reason": one.reason, "who": one.who, "by": None, "url": one.url} for one in unmet]


def pv_facts(pv: PilotPV, *, now: dt.datetime) -> PVFacts:
    """What the pre-check needs to know of a PV, as it is now."""
    pilot = pv.pilot
    prestation = pilot.prestation
    requests = {line.kind: line.state for line in pilot_row(pilot).requests}
    latest = pv.files.first() if pv.state == PVState.SIGNED else None
    realisation = Milestone.objects.filter(
        dispositif=prestation.dispositif_id, number=REALISATION
    ).first()
    return PVFacts(
        supplier=prestation.organisation.name,
        client=prestation.client.name,
        today=paris.day(now),
        empty_mentions=tuple(
            pv.mentions.filter(is_required=True, value="").values_list("label", flat=True)
        ),
        funding=requests[AspRequestKind.FUNDING],
        advance=requests[AspRequestKind.ADVANCE],
        ordered_on=prestation.ordered_on,
        realised_on=pv.realised_on,
        signed_on=pv.signed_on if latest else None,
        signatory=pv.signatory_name,
        signature=SignatureState(latest.signature) if latest else None,
        is_withdrawn=pilot.withdrawn_at is not None,
        same_client=same_client(prestation, now=now) is not None,
        realised_by=realisation.due_at if realisation else None,
        pilot_url=reverse("pilots:detail", args=[pilot.pk]),
        edit_url=reverse("pilots:pv_edit", args=[pv.pk]),
        sign_url=reverse("pilots:pv_sign", args=[pv.pk]),
    )


def known_mentions(prestation: Prestation) -> dict[str, str]:
    """By code of the check-list, what the application already knows of a mention; nothing where it
    does not know all of it.
    """
    solution, client = prestation.supplier.solution, prestation.client
    found = {
        "fournisseur": f"{prestation.organisation.name}, SIREN {prestation.organisation.siren}",
        "client": f"{client.name}, FINESS {client.finess}",
    }
    if solution.reference_number:
        version = f", version {solution.version}" if solution.version else ""
        found["solution"] = f"{solution}{version}, référencement n° {solution.reference_number}"
    if prestation.order_reference and prestation.ordered_on:
        found["commande"] = f"{prestation.order_reference}, du {prestation.ordered_on:%d/%m/%Y}"
    validated = AspRequest.objects.filter(prestation=prestation, state__in=VALIDATED_BY_ASP)
    requests = list(validated.order_by("-kind"))
    if len(requests) == len(AspRequestKind) and all(one.reference for one in requests):
        found["demandes"] = " ; ".join(
            f"{one.get_kind_display().lower()} n° {one.reference}"
            + (f", validée le {one.validated_on:%d/%m/%Y}" if one.validated_on else "")
            for one in requests
        )
    return found


@dataclass(frozen=True)
class SignedFile:
    """A version of the signed file: a line of `components/_file_line.html`, and its signatures."""

    file: PVFile
    is_latest: bool

    @property
    def line(self) -> dict[str, Any]:
        file = self.file
        return {
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "url": reverse("pilots:pv_file", args=[file.pk]),
            "uploaded_at": file.uploaded_at,
            "by": file.uploaded_by_name,
            "version": file.number,
            "superseded": not self.is_latest,
        }

    @property
    def meaning(self) -> Meaning:
        return SIGNATURE_MEANINGS[SignatureState(self.file.signature)]

    @property
    def label(self) -> str:
        return SIGNATURE_SHORT[SignatureState(self.file.signature)]

    @property
    def signatures(self) -> list[dict[str, Any]]:
        """Each with its state and its instant, None where the file gives none."""
        return [
            {
                "name": one["name"],
                "issuer": one["issuer"],
                "at": dt.datetime.fromisoformat(one["at"]) if one["at"] else None,
                "state": SignatureState(one["integrity"]),
            }
            for one in self.file.signature_detail.get("signatures", [])
        ]


def signed_files(pv: PilotPV) -> list[SignedFile]:
    """Every version, the latest first; the first one is what counts."""
    return [SignedFile(file, place == 0) for place, file in enumerate(pv.files.all())]


@dataclass(frozen=True)
class Sending:
    """One sending of a PV to the ANS: what its receipt says."""

    event: PVEvent
    file: PVFile | None

    @property
    def number(self) -> str:
        return f"PV-{paris.day(self.event.at).year}-{self.event.pv_id:06}-{self.event.pk}"


def sendings(pv: PilotPV) -> list[Sending]:
    """The latest first."""
    files = {file.sha256: file for file in pv.files.all()}
    events = pv.events.filter(from_state=PVState.SIGNED, to_state=PVState.SENT)
    return [Sending(event, files.get(event.file_sha256)) for event in reversed(events)]


def journal_of(pv: PilotPV) -> list[dict[str, Any]]:
    """Entries of `components/_history.html`, newest first."""
    return [
        {"at": event.at, "who": event.actor_name, "what": event.what, "note": _note(event)}
        for event in reversed(pv.events.all())
    ]


def _note(event: PVEvent) -> str:
    digest = f"SHA-256 {event.file_sha256}" if event.file_sha256 else ""
    return "\n".join(part for part in (event.note, digest) if part)
