"""A PV on paper."""

from __future__ import annotations

import datetime as dt

from documents.pdf import make_pdf
from pilots.pv.models import PilotPV
from segur.lib import paris


def pv_pdf(pv: PilotPV, *, now: dt.datetime) -> bytes:
    """The PV to be signed, not yet marked (`reading.pdf_mark`). Raises what `make_pdf` raises."""
    prestation = pv.pilot.prestation
    data = {
        "name": str(pv),
        "number": str(pv.pk),
        "client": str(prestation.client),
        "solution": str(prestation.supplier.solution),
        "fournisseur": str(prestation.organisation),
        "dispositif": prestation.dispositif.code,
        "produced": paris.minute(now),
        "mentions": [{"label": row.label, "value": row.value} for row in pv.mentions.all()],
        "comment": pv.comment,
        "realised": paris.long_day(pv.realised_on) if pv.realised_on else None,
        "signatory": "\n".join(filter(None, (pv.signatory_name, pv.signatory_role)))
        if pv.signatory_name
        else None,
    }
    return make_pdf("pv", data, at=now)
