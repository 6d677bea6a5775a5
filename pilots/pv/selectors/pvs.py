"""Reads of a PV: what is checked of it, its signed files, its sendings, its journal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from calendar_app.models import Milestone, Prestation
from documents.selectors import file_line
from journal.models import Entry
from journal.selectors.entries import shown as shown_entry
from journal.selectors.entries import with_names
from pilots.enums import VALIDATED_BY_ASP, AspRequestKind, PVState, SignatureState
from pilots.permissions import can_review
from pilots.pv.models import AspRequest, PilotPV, PVDecision, PVFile
from pilots.pv.rules.content import ContentChange, ContentLine, changes
from pilots.pv.rules.precheck import REALISED, PVFacts, Reuse
from pilots.pv.rules.review import shown
from pilots.pv.rules.signatory import Signed
from pilots.pv.selectors.pilots import requests_of, same_client
from pilots.pv.selectors.words import SIGNATURE_MEANINGS, SIGNATURE_SHORT
from segur.lib import paris
from segur.lib.remaining import Meaning

if TYPE_CHECKING:
    from accounts.models import User

REALISATION = 5
"""The number of the milestone «Réalisation des Prestations Ségur»."""

REALISED_MENTION = "realisation"
"""The code of the mention that says `realised_on` in words."""

FIELDS = {
    "realised_on": REALISED,
    "signatory_name": "Signataire pour le Client",
    "signatory_role": "Qualité du signataire",
    "comment": "Observations",
    "signed_on": "Signé le",
}
"""What a PV says besides its mentions."""


def pvs_seen(user: User) -> QuerySet[PilotPV]:
    return PilotPV.objects.visible_to(user).select_related(
        "assigned_to",
        "pilot__prestation__client",
        "pilot__prestation__dispositif",
        "pilot__prestation__organisation",
        "pilot__prestation__supplier__organisation",
        "pilot__prestation__supplier__solution__organisation",
    )


def state_for(user: User, pv: PilotPV) -> PVState:
    """The state as this person may know it."""
    return shown(PVState(pv.state), to_reviewer=can_review(user, pv))


def pv_facts(pv: PilotPV, *, now: dt.datetime) -> PVFacts:
    """What the pre-check needs to know of a PV, as its Fournisseur would send it now."""
    return facts_with(pv, pv.files.first() if pv.state == PVState.SIGNED else None, now=now)


def facts_with(pv: PilotPV, file: PVFile | None, *, now: dt.datetime) -> PVFacts:
    """The same, whatever the state, of the PV with this signed file."""
    pilot = pv.pilot
    prestation = pilot.prestation
    requests = {line.kind: line.state for line in requests_of(pilot)}
    mentions = list(pv.mentions.all())
    realised = next((one for one in mentions if one.code == REALISED_MENTION), None)
    realisation = Milestone.objects.filter(
        dispositif=prestation.dispositif_id, number=REALISATION
    ).first()
    return PVFacts(
        supplier=prestation.organisation.name,
        client=prestation.client.name,
        today=paris.day(now),
        empty_mentions=tuple(one.label for one in mentions if one.is_required and not one.value),
        funding=requests[AspRequestKind.FUNDING],
        advance=requests[AspRequestKind.ADVANCE],
        ordered_on=prestation.ordered_on,
        realised_on=pv.realised_on,
        signed_on=pv.signed_on if file else None,
        signatory=pv.signatory_name,
        signature=SignatureState(file.signature) if file else None,
        signatures=_signed(file) if file else (),
        reuse=reuse_of(pv, file.sha256, joined=file) if file else None,
        is_refused=file is not None and file.is_refused,
        realisation=realised.value if realised else "",
        realisation_label=realised.label if realised else "",
        is_withdrawn=pilot.withdrawn_at is not None,
        same_client=same_client(prestation, now=now) is not None,
        realised_by=realisation.due_at if realisation else None,
        pilot_url=reverse("pilots:detail", args=[pilot.pk]),
        edit_url=reverse("pilots:pv_edit", args=[pv.pk]),
        sign_url=reverse("pilots:pv_sign", args=[pv.pk]),
    )


def _signed(file: PVFile) -> tuple[Signed, ...]:
    return tuple(
        Signed(one["name"], paris.day(one["at"]) if one["at"] else None)
        for one in SignedFile(file, is_latest=True).signatures
        if one["state"] not in (SignatureState.UNKNOWN, SignatureState.PREPARED)
    )


def reuse_of(pv: PilotPV, sha256: str, *, joined: PVFile | None = None) -> Reuse | None:
    """Why these bytes may not be the signed file of this PV: they serve for another prestation,
    were judged, or were joined before what the PV says changed. `joined` is their version once they
    are kept: it is held against the later of two PV only.
    """
    same, refused = PVFile.objects.filter(sha256=sha256), refusals(pv).filter(file_sha256=sha256)
    if joined:
        same, refused = same.filter(pk__lt=joined.pk), refused.filter(file__lt=joined.pk)
    if serving(same).exclude(pv__pilot=pv.pilot_id).exists():
        return Reuse.ELSEWHERE
    if refused.exists():
        return Reuse.JUDGED
    if pv.edited_at and same.filter(uploaded_at__lt=pv.edited_at).exists():
        return Reuse.BEFORE_EDIT
    return None


def serving(files: QuerySet[PVFile]) -> QuerySet[PVFile]:
    """Those that were sent once, or are the last of a PV that lives: one that was joined by mistake
    and replaced before it left is not held against the PV that it belongs to.
    """
    later = PVFile.objects.filter(pv=OuterRef("pv"), number__gt=OuterRef("number"))
    is_last = ~Exists(later) & ~Q(pv__state=PVState.ABANDONED)
    return files.filter(Q(sent_at__isnull=False) | is_last)


def refusals(pv: PilotPV) -> QuerySet[PVDecision]:
    """The «non conforme» that the Fournisseur knows, of any PV of this pilot, newest first."""
    return PVDecision.objects.filter(
        pv__pilot=pv.pilot_id,
        outcome=PVState.NOT_CONFORM,
        confirmed_at__isnull=False,
        withdrawn_at=None,
    )


def content_of(pv: PilotPV) -> list[ContentLine]:
    """What the PV says now. No mention has a dot in its code."""
    mentions = [
        ContentLine(code=one.code, label=one.label, value=one.value) for one in pv.mentions.all()
    ]
    fields = [
        ContentLine(code=f"pv.{name}", label=label, value=_text(getattr(pv, name)))
        for name, label in FIELDS.items()
    ]
    return mentions + fields


def _text(value: str | dt.date | None) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value or ""


@dataclass(frozen=True)
class SinceRefusal:
    """The history of a PV since it was judged non conforme: the version that was refused, and what
    it says otherwise.
    """

    decision: PVDecision
    changes: list[ContentChange]


def since_refusal(pv: PilotPV) -> SinceRefusal | None:
    """None before a refusal, while the PV is closed, and where what was judged was not kept."""
    if pv.state in (PVState.NOT_CONFORM, PVState.CONFORM, PVState.ABANDONED):
        return None
    decision = refusals(pv).filter(pv=pv).select_related("file").first()
    if decision is None or not decision.content:
        return None
    return SinceRefusal(decision, changes(decision.content, content_of(pv)))


def reopening(pv: PilotPV) -> Entry | None:
    """How a conforme PV came to be checked again, until a new decision or a new sending."""
    if shown(PVState(pv.state), to_reviewer=False) not in (PVState.IN_REVIEW, PVState.SENT):
        return None
    entries = Entry.objects.of(pv).filter(act="pv.reopen").select_related("signer")
    return entries.filter(at__gte=pv.sent_at).first() if pv.sent_at else entries.first()


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
    def refusal(self) -> str:
        """Why the worker has refused it after it was stored."""
        if not self.file.is_refused:
            return ""
        entry = Entry.objects.of(self.file).filter(act="file.refused").first()
        return entry.note if entry else ""

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

    entry: Entry
    file: PVFile | None

    @property
    def number(self) -> str:
        return f"PV-{paris.day(self.entry.at).year}-{self.entry.subject_id:06}-{self.entry.pk}"


def sendings(pv: PilotPV) -> list[Sending]:
    """The latest first."""
    entries = Entry.objects.of(pv).filter(act="pv.send").select_related("signer")
    files = {file.pk: file for file in pv.files.all()}
    return [Sending(entry, files.get(entry.after.get("file"))) for entry in entries]


def journal_of(pv: PilotPV, user: User) -> list[dict[str, Any]]:
    """Entries of `components/_history.html`, newest first, that this person may read."""
    entries = Entry.objects.of(pv).select_related("signer")
    if not can_review(user, pv):
        entries = entries.for_all()
    return [{**shown_entry(entry), "note": _note(entry)} for entry in with_names(entries)]


def _note(entry: Entry) -> str:
    sha256 = entry.after.get("sha256", "")
    return "\n".join(part for part in (entry.note, sha256 and f"SHA-256 {sha256}") if part)
