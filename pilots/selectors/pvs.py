"""Reads of a PV: what is checked of it, its signed files, its sendings, its journal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse

from calendar_app.models import Milestone, Prestation
from calendar_app.rules.remaining import Meaning
from calendar_app.selectors.files import file_line
from pilots.enums import VALIDATED_BY_ASP, AspRequestKind, PVState, SignatureState
from pilots.models import AspRequest, PilotPV, PVEvent, PVFile
from pilots.rules.precheck import PVFacts
from pilots.selectors.pilots import pilot_row, same_client
from pilots.selectors.words import SIGNATURE_MEANINGS, SIGNATURE_SHORT
from segur.lib import paris

if TYPE_CHECKING:
    from accounts.models import User

REALISATION = 5
"""The number of the milestone «Réalisation des Prestations Ségur»."""


def pvs_seen(user: User) -> QuerySet[PilotPV]:
    return PilotPV.objects.visible_to(user).select_related(
        "assigned_to",
        "pilot__prestation__client",
        "pilot__prestation__dispositif",
        "pilot__prestation__organisation",
        "pilot__prestation__supplier__organisation",
        "pilot__prestation__supplier__solution__organisation",
    )


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
        return file_line(self.file, "pilots:pv_file") | {
            "version": self.file.number,
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
