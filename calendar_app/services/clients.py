"""What two Clients that are merged have here: their prestations."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.services.merging import Moved
from calendar_app.models import Prestation
from journal.rules.by import By
from journal.services.acts import lock_rows
from journal.services.changes import save_tracked

MERGED = "Clients réunis"


def move_prestations(gone: Organisation, kept: Organisation, by: By) -> Moved:
    """Those of one Fournisseur who serves both for one dispositif stay two: their deadlines and
    proofs are two. They keep the Client that goes, and count for the one that is kept."""
    served = set(kept.prestations_received.values_list("dispositif", "organisation"))
    moved: list[Prestation] = []
    staying = 0
    for prestation in lock_rows(gone.prestations_received.all()):
        if (prestation.dispositif_id, prestation.organisation_id) in served:
            staying += 1
            continue
        prestation.client = kept
        save_tracked(prestation, by=by, reason=MERGED)
        moved.append(prestation)
    words = [_counted(len(moved), "passe", "passent", f"à « {kept} »")]
    if staying:
        words.append(
            _counted(staying, "reste", "restent", "à part")
            + " : leur Fournisseur sert déjà les deux Clients pour ce dispositif."
        )
    return Moved([one if one.endswith(".") else f"{one}." for one in words], list(moved))


def _counted(number: int, one: str, many: str, where: str) -> str:
    if number == 0:
        return "Aucune prestation ne change de Client"
    plural = "s" if number > 1 else ""
    return f"{number} prestation{plural} {many if plural else one} {where}"
