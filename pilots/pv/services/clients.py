"""What two Clients that are merged change for the pilots: they count as one."""

from __future__ import annotations

from collections import Counter

from django.db.models import Q

from accounts.models import Organisation
from accounts.services.merging import Moved
from journal.rules.by import By
from pilots.pv.models import Pilot, PilotPV


def count_pilots(_gone: Organisation, kept: Organisation, _by: By) -> Moved:
    """Nothing of a pilot names its Client but the prestation: what changes is how many count."""
    of_both = Q(prestation__client=kept) | Q(prestation__client__merged_into=kept)
    pilots = Pilot.objects.current().filter(of_both)
    pvs = PilotPV.objects.filter(pilot__in=pilots).count()
    if not pilots:
        return Moved()
    plural = "s" if len(pilots) > 1 else ""
    named = f"{len(pilots)} désignation{plural} comme Client pilote et {pvs} PV"
    words = [f"{named} concernent ces deux Clients."]
    of_perimeter = Counter(
        (pilot.prestation.organisation.name, str(pilot.prestation.supplier.solution))
        for pilot in pilots.select_related(
            "prestation__organisation", "prestation__supplier__solution"
        )
    )
    words += [
        f"Périmètre pilote de {supplier} ({solution}) : {number} pilotes y comptent désormais pour "
        "un seul Client."
        for (supplier, solution), number in of_perimeter.items()
        if number > 1
    ]
    return Moved(words)
