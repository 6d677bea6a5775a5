"""What becomes of an outage: contested, decided, brought together with another.

Each act locks the service first, as `outages.record` does.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.selectors.people import people_of
from documents.services.proofs import Shelf, shelf
from journal.rules.by import By
from mailing.enums import MailKind
from mailing.services import mail
from perf.enums import OutageNature, Source, Standing
from perf.models import Outage, OutageEvent, OutageProof, OutageVersion, Service
from perf.services.outages import journal, lock, record, said

Uploads = Sequence["UploadedFile[Any]"]

DECISIONS = (Standing.RETAINED, Standing.NOT_RETAINED)
NO_REASON = "Écrivez le motif : il sera gardé dans le journal."
ALREADY = "Cette {} est déjà contestée : ajoutez votre version ou vos pièces."
NOT_CONTESTED = "Cette {} n'est pas contestée : il n'y a rien à décider."
OWN = (
    "On ne décide pas de ce que l'on a enregistré, modifié ou contesté : un autre agent doit le "
    "faire."
)
UNREAD = "Une version a changé depuis que vous avez ouvert cette page : relisez avant de décider."
NO_VERSION = "Choisissez la version qui compte."
NO_NATURE = "Choisissez sa nature."
ENDED = "Cette {} est déjà terminée : rechargez la page."
GONE = "Cette {} vient d'être rapprochée d'une autre : ouvrez celle-là."


def seen(versions: Sequence[OutageVersion]) -> str:
    """A digest of what the versions say: what was decided on is what had been read."""
    text = json.dumps({version.pk: said(version) for version in versions}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Own:
    """The version of who contests."""

    reference: str
    started_at: dt.datetime
    ended_at: dt.datetime | None


def write(*, service: Service, proofs: Uploads = (), by: By, **said: Any) -> Outage:
    """`record`, by hand, of a reference not known yet, with its pieces. Sent twice, it is once."""
    with shelf() as kept, transaction.atomic():
        done = record(service=service, by=by, only_new=True, **said)
        if done.created:
            _put(kept, done.version.outage, proofs, by)
    return done.version.outage


@transaction.atomic
def end(outage: Outage, *, ended_at: dt.datetime, by: By) -> Outage:
    """«Terminer»: the end of the version that counts, said by who speaks for its source."""
    row = lock_outage(outage)
    version = row.counting
    if version is None or row.ended_at is not None:
        raise ValidationError(ENDED.format(row.noun))
    record(
        service=row.service,
        source=version.source,
        reference=version.reference,
        started_at=version.started_at,
        ended_at=ended_at,
        cause=version.cause,
        by=by,
    )
    return row


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
        if row.standing == Standing.CONTESTED:
            raise ValidationError(ALREADY.format(row.noun))
        _require_reason(reason)
        again = row.standing != Standing.UNCONTESTED
        row.standing = Standing.CONTESTED
        row.contested_at, row.contested_by, row.contested_by_name = by.at, by.actor, by.name
        row.contest_reason = reason.strip()
        row.save()
        journal(
            row,
            "Contestation rouverte" if again else f"{row.noun.capitalize()} contestée",
            by=by,
            note=reason.strip(),
            values={"contest": True, "proofs": _put(kept, row, proofs, by)},
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
    maintenance told as an outage, a probe that was out); the Fournisseur is told.

    The outage then keeps all this, whatever its versions say later. `read` is `seen` of the
    versions on the page that was read. Nobody decides on what they recorded, changed or contested,
    nor for their own organisation.
    """
    with shelf() as kept, transaction.atomic():
        row = lock_outage(outage)
        versions = list(row.versions.all())
        _check_decider(row, versions, actor=by.actor, read=read)
        if standing not in DECISIONS:
            raise ValidationError({"standing": "Choisissez une décision."})
        if standing == Standing.RETAINED and version not in versions:
            raise ValidationError({"version": NO_VERSION})
        if standing == Standing.RETAINED and nature not in OutageNature:
            raise ValidationError({"nature": NO_NATURE})
        _require_reason(reason)
        row.standing, was = standing, OutageNature(row.nature)
        if standing == Standing.RETAINED and version:
            row.counting, row.nature = version, nature
            row.started_at, row.ended_at = version.started_at, version.ended_at
        row.decided_at, row.decided_by, row.decided_by_name = by.at, by.actor, by.name
        row.decision_reason = reason.strip()
        row.save()
        event = journal(
            row,
            f"Décision de l'ANS : {Standing(standing).label.lower()}",
            by=by,
            note="\n".join(filter(None, [reason.strip(), _requalified(was, row)])),
            values={
                "decision": standing,
                "counting": str(row.counting),
                "nature": row.nature,
                "started_at": row.started_at.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
                "versions": {str(one): said(one) for one in versions},
                "proofs": _put(kept, row, proofs, by),
            },
        )
        _tell(row, event, by.at)
    return row


def _requalified(was: OutageNature, row: Outage) -> str:
    now = OutageNature(row.nature)
    return "" if was == now else f"Nature : {was.label.lower()} → {now.label.lower()}"


def lock_outage(outage: Outage) -> Outage:
    """The outage as it is now, kept from other writers until the transaction ends."""
    lock(outage.service)
    rows = Outage.objects.select_related("service__prestation__supplier", "counting")
    row = rows.filter(pk=outage.pk).first()
    if row is None:
        raise ValidationError(GONE.format(outage.noun))
    return row


def _check_decider(
    row: Outage, versions: Sequence[OutageVersion], *, actor: User, read: str
) -> None:
    if row.standing != Standing.CONTESTED:
        raise ValidationError(NOT_CONTESTED.format(row.noun))
    if is_party(actor, row):
        raise ValidationError(OWN)
    if read != seen(versions):
        raise ValidationError(UNREAD)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})


def is_party(actor: User, outage: Outage) -> bool:
    """Has said something of it, or belongs to its Fournisseur: does not decide."""
    return (
        outage.service.prestation.organisation_id in actor.roles
        or outage.events.filter(actor=actor, values__has_any_keys=["version", "contest"]).exists()
    )


def attach(outage: Outage, *, proofs: Uploads, by: By) -> Outage:
    """Further pieces, at any time; those that are joined already change nothing."""
    with shelf() as kept, transaction.atomic():
        row = lock_outage(outage)
        joined = row.proofs.all()
        rows = kept.put(lambda: OutageProof(outage=row), proofs, by=by, joined=joined)
        if digests := {file.name: file.sha256 for file in rows}:
            what = "Pièce jointe" if len(digests) == 1 else f"{len(digests)} pièces jointes"
            journal(row, what, by=by, values={"proofs": digests})
    return row


def _put(kept: Shelf, outage: Outage, proofs: Uploads, by: By) -> dict[str, str]:
    """Name → SHA-256 of each piece stored: an act is tied to the bytes that came with it."""
    rows = kept.put(lambda: OutageProof(outage=outage), proofs, by=by)
    return {row.name: row.sha256 for row in rows}


def _tell(outage: Outage, event: OutageEvent, now: dt.datetime) -> None:
    """Every member of the Fournisseur, once for each decision."""
    prestation = outage.service.prestation
    for user in people_of(prestation.organisation_id):
        mail.post(
            kind=MailKind.DECISION,
            to=user.email,
            user=user,
            template="outage_decision",
            context={"outage": outage, "prestation": prestation},
            dedupe_key=f"outage-decision:{event.pk}:{user.pk}",
            now=now,
        )
