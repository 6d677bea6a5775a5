"""The supervised service of a DRIMbox prestation: how files, API and probes name it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from calendar_app.models import Prestation
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.changes import save_tracked
from perf.models import Service
from perf.permissions import can_set_probe
from perf.services.probes import apply_waiting

ANS_ONLY = "Seul un agent de l'ANS choisit la sonde qui surveille un service."
NOT_DRIMBOX = "PERF se mesure sur une prestation DRIMbox : celle-ci n'a pas de service supervisé."


@transaction.atomic
def service_save(
    prestation: Prestation, *, code: str, probe_id: str | None = None, by: By
) -> Service:
    """Declare the service, or rename it: its outages follow, the history says who did it.

    `probe_id` None leaves its probe as it is; only the ANS sets another. What a probe reported
    before it had a service is recorded now.
    """
    if not prestation.dispositif.has_perf:
        raise ValidationError(NOT_DRIMBOX)
    lock_row(prestation)
    service = Service.objects.filter(prestation=prestation).first()
    service = service or Service(prestation=prestation, created_at=by.at)
    service.code = code.strip()
    if probe_id is not None and probe_id.strip() != service.probe_id:
        if not can_set_probe(by.actor):
            raise ValidationError({"probe_id": ANS_ONLY})
        service.probe_id = probe_id.strip()
    save_tracked(service, by=by)
    apply_waiting(service, by.at)
    return service
