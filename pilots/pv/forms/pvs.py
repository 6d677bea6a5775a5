"""What a PV says, and its signed file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from documents.forms import FileInput, ProofField
from journal.forms import ReadingForm
from journal.services.readings import stamp
from pilots.pv.models import PilotPV, PVMention
from pilots.pv.selectors.pvs import known_mentions
from pilots.pv.services.signatures import PDF, look
from segur.form_fields import DayField, LongTextField
from segur.lib import paris

MENTION = "mention_{code}"


class PVForm(ReadingForm):
    """The mentions first, in the order of the check-list, filled in with what is known."""

    realised_on = DayField(
        label="Prestation réalisée le",
        required=False,
        help_text="Le jour où tout est installé et en service chez le Client.",
    )
    signatory_name = forms.CharField(
        label="Signataire pour le Client",
        required=False,
        max_length=150,
        help_text="Prénom et nom.",
    )
    signatory_role = forms.CharField(label="Qualité du signataire", required=False, max_length=150)
    comment = LongTextField("Observations", max_length=2000, rows=2, required=False)

    def __init__(self, *args: Any, pv: PilotPV, **kwargs: Any) -> None:
        names = ("realised_on", "signatory_name", "signatory_role", "comment")
        kwargs["initial"] = {name: getattr(pv, name) for name in names}
        kwargs["initial"]["read"] = stamp(pv.edited_at)
        super().__init__(*args, **kwargs)
        self.mentions: Sequence[PVMention] = list(pv.mentions.all())
        known = known_mentions(pv.pilot.prestation)
        for mention in self.mentions:
            self.fields[MENTION.format(code=mention.code)] = LongTextField(
                mention.label,
                rows=2,
                required=False,
                initial=mention.value or known.get(mention.code, ""),
                help_text=mention.source,
            )
        self.order_fields([MENTION.format(code=mention.code) for mention in self.mentions])

    def values(self) -> dict[str, Any]:
        """The arguments of `services.pvs.edit`."""
        data = dict(self.cleaned_data)
        values = {
            mention.code: data.pop(MENTION.format(code=mention.code)) for mention in self.mentions
        }
        return {"mentions": values, **data}

    def mention_fields(self) -> list[tuple[forms.BoundField, bool]]:
        """Each with whether the PV may not be sent without it."""
        return [
            (self[MENTION.format(code=mention.code)], mention.is_required)
            for mention in self.mentions
        ]


class SignedForm(forms.Form):
    upload = ProofField(
        label="PV signé",
        widget=FileInput({"accept": PDF}),
        kinds="Un seul PDF, gardé tel quel, octet pour octet",
        error_messages={"required": "Choisissez le fichier signé."},
    )
    signed_on = DayField(
        label="Signé par le Client le", help_text="Le jour écrit à côté de la signature."
    )

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = paris.day(now)
        upload = self.fields["upload"]
        assert isinstance(upload, ProofField)  # noqa: S101  (for the type checker)
        upload.check = partial(look, now=now)

    def clean_signed_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["signed_on"]
        if day > self.today:
            raise ValidationError("Ce jour est à venir : indiquez le jour de la signature.")
        return day


class PVReasonForm(forms.Form):
    reason = LongTextField("Motif", rows=2, missing="Écrivez le motif : il reste au journal.")
