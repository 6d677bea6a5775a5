"""A pilot Client of a distributeur of a RIS, and what its people do."""

import datetime as dt
import hashlib
from typing import Any

from django.core.files.base import ContentFile

from accounts.enums import Kind, Role
from pilots.enums import AspRequestKind, AspRequestState, SignatureState
from pilots.pv.models import AspRequest, PVFile
from pilots.pv.services import pilots, pvs
from pilots.pv.services.transitions import move
from tests.by import acting
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pilots.signing import another

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)


def ordered(**fields):
    """A RIS prestation of a distributeur, ordered, on a referenced solution."""
    supplier = fields.pop("supplier", None) or SupplierFactory(
        solution=SolutionFactory(reference_number="RIS-V2-0042"),
        organisation=OrganisationFactory(kind=Kind.DISTRIBUTEUR),
    )
    known = {"order_reference": "BDC-7", "ordered_on": dt.date(2026, 9, 15)}
    return PrestationFactory(supplier=supplier, **{**known, **fields})


def fournisseur(pilot, role=Role.REPRESENTANT):
    return member(role, pilot.prestation.organisation)


def log_in(client, pilot, role=Role.REPRESENTANT):
    client.force_login(fournisseur(pilot, role))


def named(prestation=None, *, by=None, now=NOW):
    prestation = prestation or ordered()
    by = by or member(organisation=prestation.organisation)
    return pilots.name(prestation, by=acting(by, now))


def validated(pilot):
    """Its two requests validated by the ASP."""
    AspRequest.objects.filter(prestation=pilot.prestation).update(
        state=AspRequestState.VALIDATED,
        on=dt.date(2026, 10, 20),
        deposited_on=dt.date(2026, 10, 5),
        validated_on=dt.date(2026, 10, 20),
    )
    for number, kind in enumerate(AspRequestKind, 1):
        AspRequest.objects.filter(prestation=pilot.prestation, kind=kind).update(
            reference=f"ASP-{number}"
        )
    return pilot


def complete(pv, *, by=None, now=NOW, **values):
    """Every mention filled in, realised in November, a signatory named."""
    content: dict[str, Any] = {
        "mentions": {row.code: row.value or "Comme indiqué." for row in pv.mentions.all()},
        "realised_on": dt.date(2026, 11, 10),
        "signatory_name": "Camille Fictive",
        "signatory_role": "Directrice",
        "comment": "",
    } | values
    return pvs.edit(pv, by=acting(by or fournisseur(pv.pilot), now), **content)


def drafted(pilot=None, *, now=NOW):
    pilot = pilot or validated(named())
    return pvs.create(pilot, by=acting(fournisseur(pilot), now))


def signed_pv(pilot=None, *, content=None, now=NOW, **values):
    """Complete, with a file signed by Camille Fictive: stored as `attach_signed` does, without the
    process in which it reads each file.
    """
    pv = complete(drafted(pilot, now=now), now=now, **values)
    content = another() if content is None else content
    PVFile.objects.create(
        pv=pv,
        number=1,
        file=ContentFile(content, name="pv-signe.pdf"),
        name="pv-signe.pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_type="application/pdf",
        signature=SignatureState.UNTRUSTED,
        uploaded_by_name="Personne Fictive",
        uploaded_at=now,
    )
    pv.signed_on = dt.date(2026, 11, 12)
    pv.save()
    return move(pv, "sign", by=acting(fournisseur(pv.pilot), now))


def sent(pilot=None, *, now=NOW, **values):
    pv = signed_pv(pilot, now=now, **values)
    return pvs.send(pv, by=acting(fournisseur(pv.pilot), now))


def in_state(state, pilot=None, **values):
    """A signed PV put in this state, whatever led there."""
    pv = signed_pv(pilot, **values)
    type(pv).objects.filter(pk=pv.pk).update(state=state)
    pv.refresh_from_db()
    return pv


def stored():
    return PVFile.objects.count()
