"""The receipt of a filing on paper."""

from __future__ import annotations

import datetime as dt

from django.utils.text import capfirst

from calendar_app.models import Filing, FilingBatch
from calendar_app.rules.filing import timing_words
from documents.pdf import make_pdf
from segur.lib import paris
from segur.lib.due import UNDATED
from segur.lib.sizes import file_size


def receipt_pdf(filing: Filing) -> bytes:
    """What was sealed, with its three instants. Raises ValueError for a draft, and what `make_pdf`
    raises."""
    receipt, recorded_at = filing.receipt, filing.recorded_at
    deposited_at = filing.deposited_at
    if receipt is None or recorded_at is None or deposited_at is None:
        raise ValueError("a draft has no receipt")
    data = {
        "number": receipt["numero"],
        "sha256": filing.receipt_sha256,
        "in_time": receipt["dans_les_delais"],
        "statement": receipt["mention"],
        "deadline": receipt["echeance"],
        "dispositif": receipt["dispositif"],
        "subject": receipt["objet"],
        "organisation": receipt["organisation"],
        "due": paris.stamp(filing.due_at) if filing.due_at else UNDATED,
        "deposited": paris.stamp(deposited_at),
        "recorded": paris.stamp(recorded_at),
        "by": receipt["enregistre_par"],
        "channel": capfirst(receipt["canal"]),
        "reference": receipt["reference"] or None,
        "comment": receipt["commentaire"] or None,
        "files": [
            {"name": one["nom"], "size": file_size(one["octets"]), "sha256": one["sha256"]}
            for one in receipt["pieces"]
        ],
    }
    return make_pdf("receipt", data, at=recorded_at)


def batch_pdf(batch: FilingBatch) -> bytes:
    """The receipt of deposits declared together. Raises what `make_pdf` raises."""
    receipt = batch.receipt
    due, deposited = receipt["avant_le"], dt.datetime.fromisoformat(receipt["depose_le"])
    data = {
        "number": receipt["numero"],
        "sha256": batch.receipt_sha256,
        "statement": receipt["mention"],
        "deadline": receipt["echeance"],
        "dispositif": receipt["dispositif"],
        "organisation": receipt["organisation"],
        "due": paris.stamp(dt.datetime.fromisoformat(due)) if due else UNDATED,
        "deposited": paris.stamp(deposited),
        "recorded": paris.stamp(batch.recorded_at),
        "by": receipt["enregistre_par"],
        "channel": capfirst(receipt["canal"]),
        "reference": receipt["reference"] or None,
        "deposits": [
            {
                "subject": one["objet"],
                "receipt": one["recepisse"],
                "timing": timing_words(one["dans_les_delais"]),
                "proof": ", ".join(file["nom"] for file in one["pieces"]) or "sans preuve",
            }
            for one in receipt["depots"]
        ],
    }
    return make_pdf("receipt_batch", data, at=batch.recorded_at)
