"""A PV on paper."""

from __future__ import annotations

import datetime as dt

from documents.display.records import record_pdf
from documents.pdf import make_pdf
from pilots.pv.models import PilotPV, PVDecision
from pilots.pv.selectors.pvs import Sending
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


def sending_pdf(pv: PilotPV, sending: Sending) -> bytes:
    """The receipt of a sending to the ANS. Raises what `make_pdf` raises."""
    prestation, file = pv.pilot.prestation, sending.file
    return record_pdf(
        f"Récépissé {sending.number}",
        about=f"{pv}, {prestation}",
        organisation=str(prestation.organisation),
        statement="Transmis à l'ANS par cette application : aucun autre dépôt n'est à faire.",
        facts=[
            *_subject(pv),
            ("Transmis à l'ANS", paris.stamp(sending.entry.at)),
            ("Par", sending.entry.signer),
            ("Signature", file.get_signature_display() if file else ""),
            ("Empreinte (SHA-256)", sending.entry.after.get("sha256", "")),
        ],
        files=[file] if file else [],
        at=sending.entry.at,
    )


def decision_pdf(pv: PilotPV, decision: PVDecision) -> bytes:
    """A decision that has taken effect. Raises ValueError for one that is pending, and what
    `make_pdf` raises.
    """
    if decision.confirmed_at is None:
        raise ValueError("a pending decision has no paper")
    withdrawn = decision.withdrawn_at
    return record_pdf(
        f"Décision : {decision.get_outcome_display().lower()}",
        about=f"{pv}, {pv.pilot.prestation}",
        organisation="Agence du Numérique en Santé",
        statement=f"Cette décision ne vaut plus depuis le {paris.minute(withdrawn)}."
        if withdrawn
        else "",
        facts=[
            *_subject(pv),
            ("Décision", decision.get_outcome_display()),
            ("Prise", f"le {paris.minute(decision.decided_at)} (heure de Paris)"),
            ("À effet", f"le {paris.minute(decision.confirmed_at)} (heure de Paris)"),
            ("Explication", decision.note),
        ],
        sections=[
            (
                "Motifs",
                [
                    " : ".join(filter(None, (one["label"], one["kind_label"], one["text"])))
                    for one in decision.reasons
                ],
            )
        ],
        files=[decision.file],
        at=decision.confirmed_at,
    )


def _subject(pv: PilotPV) -> list[tuple[str, object]]:
    prestation = pv.pilot.prestation
    return [
        ("Client", f"{prestation.client}, FINESS {prestation.client.finess}"),
        ("Solution", prestation.supplier.solution),
        ("Fournisseur", prestation.organisation),
        ("PV", pv),
    ]
