"""A VA on paper."""

from __future__ import annotations

import datetime as dt

from documents.display.records import record_pdf
from pilots.va.models import VA
from pilots.va.selectors.va import Situation
from segur.lib import paris

NOON = dt.time(12)


def va_pdf(va: VA, found: Situation) -> bytes:
    """What is recorded of a VA, with its conditions. Raises what `make_pdf` raises."""
    prestation, notified = va.prestation, found.notification
    return record_pdf(
        "VA enregistrée",
        about=str(prestation),
        organisation=str(prestation.organisation),
        statement=f"{found.pill[1]}.",
        facts=[
            ("Client", f"{prestation.client}, FINESS {prestation.client.finess}"),
            ("Solution", prestation.supplier.solution),
            ("Fournisseur", prestation.organisation),
            ("Cas", va.get_case_display()),
            ("Prestation finalisée", paris.long_day(va.finalised_on)),
            ("Signée", paris.long_day(va.signed_on)),
            ("Par", ", ".join(filter(None, (va.signatory_name, va.signatory_role)))),
            ("RIS notifié par le Client", paris.long_day(notified.notified_on) if notified else ""),
            ("Dernier jour du délai", paris.long_day(found.clock.last_day) if found.clock else ""),
            ("Observations", va.comment),
        ],
        sections=[
            (
                "Conditions",
                [
                    f"{line.condition.label} : {line.condition.get_state_display().lower()}"
                    for line in found.lines
                ],
            )
        ],
        files=va.files.filter(is_withdrawn=False),
        at=paris.at(va.signed_on, NOON),
    )
