"""The decisions on an outage: contested, decided, brought together with another.

Each act locks the service first, as `outages.record` does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.selectors import parties
from accounts.selectors.people import people_of
from documents.services.proofs import Shelf, shelf
from journal.models import Entry
from journal.rules.by import By
from journal.rules.workflow import Act
from journal.services.acts import PARTY, Aggregate
from journal.services.entries import write as write_entry
from mailing.rules import DECISION_MAIL
from mailing.services.mail import tell
from perf.enums import OutageNature, OutageStanding, Source
from perf.models import Outage, OutageProof, OutageVersion, Service
from perf.permissions import can_contest, can_decide, can_record, can_reopen
from perf.querysets import OutageQuerySet
from perf.rules.workflow import ATTACH, OUTAGE, OutageActor
from perf.selectors.corrections import in_json
from perf.services.entries import values_of
from perf.services.outages import Recorded, lock, record
from segur.lib.canonical import digest

Uploads = Sequence["UploadedFile[Any]"]

DECISIONS = {OutageStanding.RETAINED: "retain", OutageStanding.NOT_RETAINED: "set_aside"}
NO_REASON = "Écrivez le motif : il sera gardé dans le journal."
ALREADY = "Cette {} est déjà contestée : ajoutez votre version ou vos pièces."
NOT_CONTESTED = "Cette {} n'est pas contestée : il n'y a rien à décider."
UNREAD = "Une version a changé depuis que vous avez ouvert cette page : relisez avant de décider."
NO_VERSION = "Choisissez la version qui compte."
NO_NATURE = "Choisissez sa nature."
ENDED = "Cette {} est déjà terminée : rechargez la page."
GONE = "Cette {} vient d'être rapprochée d'une autre : ouvrez celle-là."


def seen(versions: Sequence[OutageVersion]) -> str:
    """A digest of what the versions say: what was decided on is what had been read."""
    return digest({version.pk: values_of(version) for version in versions})[:16]


def _rows() -> OutageQuerySet:
    return Outage.objects.select_related("service__prestation__supplier", "counting")


def _may(by: By, row: Outage, who: OutageActor) -> bool:
    prestation = row.service.prestation
    match who:
        case OutageActor.BINDS:
            return can_contest(by.actor, prestation)
        case OutageActor.REOPENS:
            return can_reopen(by.actor, prestation)
        case OutageActor.RECORDS:
            return can_record(by.actor, prestation)
        case OutageActor.AGENT:
            return can_decide(by.actor)


def _impossible(row: Outage, act: Act[OutageStanding]) -> str:
    return (ALREADY if act.target == OutageStanding.CONTESTED else NOT_CONTESTED).format(row.noun)


OUTAGES = Aggregate(
    OUTAGE,
    _rows,
    _may,
    _impossible,
    is_party=parties.is_party,
    state="standing",
)


@dataclass(frozen=True)
class Own:
    """The version of who contests."""

    reference: str
    started_at: dt.datetime
    ended_at: dt.datetime | None


def write(*, service: Service, proofs: Uploads = (), by: By, **values: Any) -> Outage:
    """`record`, by hand, of a reference not known yet, with its pieces. Sent twice, it is once."""
    with shelf() as kept, transaction.atomic():
        done = record(service=service, by=by, only_new=True, **values)
        if done.created:
            _put(kept, done.version.outage, proofs, by)
    return done.version.outage


@transaction.atomic
def end(outage: Outage, *, ended_at: dt.datetime, by: By) -> Recorded:
    """«Terminer»: the end of the version that counts, recorded by who speaks for its source."""
    row = lock_outage(outage)
    version = row.counting
    if version is None or row.ended_at is not None:
        raise ValidationError(ENDED.format(row.noun))
    return record(
        service=row.service,
        source=version.source,
        reference=version.reference,
        started_at=version.started_at,
        ended_at=ended_at,
        cause=version.cause,
        by=by,
    )


def contest(
    outage: Outage,
    *,
    reason: str,
    own: Own | None = None,
    proofs: Uploads = (),
    by: By,
) -> Outage:
    """Contested, it counts until the ANS has decided. After a decision, new facts reopen it.

    `own` is put beside the other versions.
    """
    with shelf() as kept, transaction.atomic():
        row = lock_outage(outage)
        if row.standing == OutageStanding.CONTESTED:
            raise ValidationError(ALREADY.format(row.noun))
        require_reason(reason)
        again = row.standing != OutageStanding.UNCONTESTED
        row = OUTAGES.move(
            row,
            "reopen" if again else "contest",
            by=by,
            what="" if again else f"{row.noun.capitalize()} contestée",
            note=reason.strip(),
            details={"proofs": _put(kept, row, proofs, by)},
            slip_until=None,
            contested_at=by.at,
            contested_by=by.actor,
            contested_by_name=by.name,
            contest_reason=reason.strip(),
        )
        if own:
            record(
                service=row.service,
                source=Source.SUPPLIER,
                reference=own.reference,
                started_at=own.started_at,
                ended_at=own.ended_at,
                by=by,
                outage=row,
                only_new=True,
            )
    return row


def decide(
    outage: Outage,
    *,
    standing: str,
    version: OutageVersion | None,
    nature: str,
    reason: str,
    read: str,
    proofs: Uploads = (),
    by: By,
) -> Outage:
    """The ANS says whether it is retained, whose instants count, and what it was (`nature`: a
    maintenance recorded as an outage, a probe that was out); the Fournisseur is notified.

    The outage then keeps all this, whatever its versions say later. `read` is `seen` of the
    versions on the page that was read. Nobody decides on what they recorded, changed or contested,
    nor for their own organisation.
    """
    with shelf() as kept, transaction.atomic():
        row = lock_outage(outage)
        versions = list(row.versions.all())
        _check_decision(row, versions, by=by, read=read)
        if standing not in DECISIONS:
            raise ValidationError({"standing": "Choisissez une décision."})
        if standing == OutageStanding.RETAINED and version not in versions:
            raise ValidationError({"version": NO_VERSION})
        if standing == OutageStanding.RETAINED and nature not in OutageNature:
            raise ValidationError({"nature": NO_NATURE})
        require_reason(reason)
        taken = _taken(version, nature) if standing == OutageStanding.RETAINED and version else {}
        row = OUTAGES.move(
            row,
            DECISIONS[OutageStanding(standing)],
            by=by,
            what=f"Décision de l'ANS : {OutageStanding(standing).label.lower()}",
            note="\n".join(filter(None, [reason.strip(), _requalified(row, taken)])),
            details={
                **_as_it_counts(row, taken),
                "versions": {str(one): values_of(one) for one in versions},
                "proofs": _put(kept, row, proofs, by),
            },
            slip_until=None,
            decided_at=by.at,
            decided_by=by.actor,
            decided_by_name=by.name,
            decision_reason=reason.strip(),
            **taken,
        )
        _tell(row, by)
    return row


def _taken(version: OutageVersion, nature: str) -> dict[str, Any]:
    """What an outage takes from the version that is retained."""
    return {
        "counting": version,
        "nature": nature,
        "started_at": version.started_at,
        "ended_at": version.ended_at,
    }


def _as_it_counts(row: Outage, taken: dict[str, Any]) -> dict[str, Any]:
    """The outage with what it takes, in JSON values."""
    names = ("counting", "nature", "started_at", "ended_at")
    after = {name: getattr(row, name) for name in names} | taken
    return in_json({**after, "counting": str(after["counting"]), "nature": str(after["nature"])})


def _requalified(row: Outage, taken: dict[str, Any]) -> str:
    was, now = OutageNature(row.nature), OutageNature(taken.get("nature", row.nature))
    return "" if was == now else f"Nature : {was.label.lower()} → {now.label.lower()}"


def lock_outage(outage: Outage) -> Outage:
    """The outage as it is now, kept from other writers until the transaction ends."""
    lock(outage.service)
    row = _rows().filter(pk=outage.pk).first()
    if row is None:
        raise ValidationError(GONE.format(outage.noun))
    return row


def _check_decision(row: Outage, versions: Sequence[OutageVersion], *, by: By, read: str) -> None:
    if row.standing != OutageStanding.CONTESTED:
        raise ValidationError(NOT_CONTESTED.format(row.noun))
    if is_party(by.actor, row):
        raise ValidationError(PARTY, code="party")
    if read != seen(versions):
        raise ValidationError(UNREAD)


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})


def is_party(actor: User, outage: Outage) -> bool:
    """Recorded something of it, or belongs to who gains or loses by it: does not decide."""
    return parties.is_party(actor, outage)


def attach(outage: Outage, *, proofs: Uploads, by: By) -> Outage:
    """Further pieces, at any time; those that are joined already change nothing."""
    with shelf() as kept, transaction.atomic():
        row = lock_outage(outage)
        joined = row.proofs.all()
        rows = kept.put(lambda: OutageProof(outage=row), proofs, by=by, joined=joined)
        if digests := {file.name: file.sha256 for file in rows}:
            what = "Pièce jointe" if len(digests) == 1 else f"{len(digests)} pièces jointes"
            write_entry(row, ATTACH, by=by, what=what, after={"proofs": digests})
    return row


def _put(kept: Shelf, outage: Outage, proofs: Uploads, by: By) -> dict[str, str]:
    """Name → SHA-256 of each piece stored: an act is tied to the bytes that came with it."""
    rows = kept.put(lambda: OutageProof(outage=outage), proofs, by=by)
    return {row.name: row.sha256 for row in rows}


def _tell(outage: Outage, by: By) -> None:
    """Every member of the Fournisseur, once for each decision."""
    prestation, entry = outage.service.prestation, Entry.objects.of(outage).latest("pk")
    tell(
        people_of(prestation.organisation_id),
        kind=DECISION_MAIL,
        template="outage_decision",
        context={"outage": outage, "prestation": prestation},
        key=f"outage-decision:{entry.pk}",
        about=outage,
        by=by,
    )
