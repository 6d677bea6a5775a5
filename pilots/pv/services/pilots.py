"""Naming pilot Clients, and replacing them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from calendar_app.models import Prestation
from journal.rules.by import By
from journal.services.acts import lock_row, lock_rows
from journal.services.changes import save_checked, save_tracked
from journal.services.entries import write
from pilots.enums import WAITING_STATES, AspRequestKind, PVState
from pilots.pv.models import AspRequest, Pilot
from pilots.pv.rules.pilots import ACTS
from pilots.pv.selectors.pilots import same_client

NOT_RIS = "La DRIMbox n'a pas de phase pilote : seule une prestation RIS peut être désignée."
ALREADY = "{client} est déjà Client pilote."
TAKEN = (
    "{client} est déjà Client pilote de cette solution, désigné par {supplier}. Choisissez-en un "
    "autre : deux PV d'un même Client ne comptent qu'une fois."
)
AT_THE_ANS = "Le PV (Client : {client}) est à l'ANS : reprenez-le d'abord, ou attendez le résultat."
CONFORM = (
    "Le PV (Client : {client}) est conforme et compte dans le périmètre pilote : il reste désigné."
)
OTHER_SUPPLIER = "Choisissez un Client du même Fournisseur, pour la même solution."
WITHDRAWN = "Ce Client n'est déjà plus pilote."


@transaction.atomic
def name(prestation: Prestation, *, by: By) -> Pilot:
    """Make the Client of this RIS prestation a pilot, with its two requests to the ASP; again, if
    it was withdrawn. The prestation is locked first. Raises ValidationError.
    """
    row = lock_row(prestation, "client", "dispositif", "organisation", "supplier")
    if not row.dispositif.has_pilots:
        raise ValidationError(NOT_RIS)
    pilot = Pilot.objects.filter(prestation=row).first() or Pilot(prestation=row)
    if pilot.pk and pilot.withdrawn_at is None:
        raise ValidationError(ALREADY.format(client=row.client))
    if other := same_client(row, now=by.at):
        supplier = other.prestation.organisation
        raise ValidationError(TAKEN.format(client=row.client, supplier=supplier))
    pilot.named_at = by.at
    pilot.withdrawn_at, pilot.withdrawn_reason = None, ""
    save_checked(pilot)
    write(pilot, "pilot.name", by=by, what=ACTS["name"])
    for kind in AspRequestKind:
        if not AspRequest.objects.filter(prestation=row, kind=kind).exists():
            request = AspRequest(prestation=row, kind=kind)
            save_tracked(request, by=by, label=f"{request} · {row}")
    return pilot


@transaction.atomic
def withdraw(
    pilot: Pilot,
    *,
    reason: str,
    by: By,
    replacement: Prestation | None = None,
) -> Pilot | None:
    """Withdraw a pilot Client, which stays in the list with the reason, and name another in its
    place. Returns the new one. Raises ValidationError while its PV is with the ANS, or conforme.
    """
    row = lock_row(pilot, "prestation__client")
    if row.withdrawn_at:
        raise ValidationError(WITHDRAWN)
    states = {PVState(pv.state) for pv in lock_rows(row.pvs.all())}
    if states & set(WAITING_STATES):
        raise ValidationError(AT_THE_ANS.format(client=row.client))
    if PVState.CONFORM in states:
        raise ValidationError(CONFORM.format(client=row.client))
    if replacement and replacement.supplier_id != row.prestation.supplier_id:
        raise ValidationError({"replacement": OTHER_SUPPLIER})
    row.withdrawn_at, row.withdrawn_reason = by.at, reason
    save_checked(row)
    write(row, "pilot.withdraw", by=by, what=ACTS["withdraw"], note=reason)
    return name(replacement, by=by) if replacement else None
