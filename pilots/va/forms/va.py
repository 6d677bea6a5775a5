"""Forms of the VA: what it says, the Client's notification, a validation, an undoing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from documents.forms import ProofsField
from journal.forms import ReadingForm
from pilots.checklists.selectors import lines
from pilots.enums import Checklist, ConditionState, VACase
from pilots.va.models import VA
from pilots.va.rules.va import VADeclaration
from pilots.va.services.va import FACTS, check_signed, read_stamp
from segur.form_fields import DAY_REQUIRED, DayField, LongTextField, offer
from segur.lib import paris

NO_REASON = "Écrivez le motif : il sera gardé dans le journal."
PROOF_REQUIRED = {"required": "Joignez la preuve : le courrier, le message ou le document."}
STAMP_WRONG = (
    "Recopiez l'instant avec son décalage, par exemple 2027-06-30T22:30Z ou 2027-07-01T00:30+02:00."
)

CASES = [
    (VACase.ALL_VERIFIED.value, "Cas 1 : le RIS était déjà en Vague 2, tout est vérifié"),
    (
        VACase.SOME_REPORTED.value,
        "Cas 2 : le RIS n'était pas encore en Vague 2, des conditions sont reportées",
    ),
]


def reason_field() -> forms.CharField:
    return LongTextField(
        "Motif",
        max_length=2000,
        help_text="Ce qui était faux. Les valeurs précédentes restent dans le journal.",
        missing=NO_REASON,
    )


class VAForm(ReadingForm):
    """What the signed VA says; `known` to correct one, with a reason."""

    case = forms.ChoiceField(
        label="À la finalisation de la prestation DRIMbox",
        choices=CASES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le cas."},
    )
    finalised_on = DayField(label="Prestation finalisée le")
    ris_vague2_on = DayField(
        label="RIS en Vague 2 depuis le",
        required=False,
        help_text="À indiquer dans le cas 1. Dans le cas 2, s'il l'est devenu depuis.",
    )
    reported = forms.MultipleChoiceField(
        label="Conditions reportées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochez celles qui n'ont pas pu être vérifiées : cas 2 seulement. Les autres "
        "sont enregistrées comme vérifiées.",
    )
    signed_on = DayField(label="VA signée le")
    signatory_name = forms.CharField(
        label="Signataire pour le Client",
        max_length=150,
        error_messages={"required": "Indiquez qui a signé pour le Client."},
    )
    signatory_role = forms.CharField(label="Qualité du signataire", max_length=150, required=False)
    comment = LongTextField("Observations", max_length=2000, required=False)
    proofs = ProofsField(
        label="VA signée",
        kinds="PDF, PNG ou JPEG, gardé octet pour octet",
        check=check_signed,
        error_messages={"required": "Joignez la VA signée par le Client."},
    )

    def __init__(self, *args: Any, known: VA | None = None, **kwargs: Any) -> None:
        conditions = list(known.conditions.all()) if known else []
        if known:
            reported = [c.code for c in conditions if c.state != ConditionState.VERIFIED]
            facts = {name: getattr(known, name) for name in FACTS}
            kwargs["initial"] = {**facts, "reported": reported, "read": read_stamp(known)}
        super().__init__(*args, **kwargs)
        offer(self, "reported", [(c.code, c.label) for c in conditions or lines(Checklist.VA)])
        if known:
            self.fields["proofs"].required = False
            self.fields["proofs"].label = "Nouvelle version de la VA signée"
            self.fields["reason"] = reason_field()
        else:
            del self.fields["read"]

    def values(self) -> dict[str, Any]:
        """As `services.va` takes it."""
        data = dict(self.cleaned_data)
        facts = {name: data.pop(name) for name in FACTS}
        reported = frozenset(data.pop("reported"))
        return {
            **data,
            "declared": VADeclaration(
                **{**facts, "case": VACase(facts["case"])}, reported=reported
            ),
        }


class NotificationForm(ReadingForm):
    """The day, or the instant that the proof bears, whose Paris day counts. With a reason where it
    corrects what was recorded."""

    notified_on = DayField(
        label="Notifié le",
        required=False,
        help_text="Le jour, à Paris. Donnez-le, ou recopiez l'horodatage de la preuve.",
    )
    stamp = forms.CharField(
        label="Horodatage de la preuve",
        required=False,
        max_length=40,
        help_text="S'il y en a un, recopiez-le : c'est le jour de Paris qui compte. "
        "2027-06-30T22:30Z est le 01/07/2027.",
    )
    means = forms.CharField(
        label="Par quel moyen",
        max_length=150,
        error_messages={"required": "Indiquez par quel moyen le Client a notifié."},
        help_text="Courriel, lettre recommandée, remise en main propre…",
    )
    proofs = ProofsField(label="Preuve", error_messages=PROOF_REQUIRED)

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["read"]
        else:
            self.fields["proofs"].required = False
            self.fields["reason"] = reason_field()

    def clean_stamp(self) -> dt.datetime | None:
        text = self.cleaned_data["stamp"].strip()
        if not text:
            return None
        try:
            instant = dt.datetime.fromisoformat(text)
            paris.day(instant)
        except (ValueError, OverflowError):
            raise ValidationError(STAMP_WRONG) from None
        return instant

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day, stamp = data.get("notified_on"), data.get("stamp")
        if stamp and day and paris.day(stamp) != day:
            real = f"{paris.day(stamp):%d/%m/%Y}"
            self.add_error("notified_on", f"À Paris, cet horodatage est du {real}.")
        elif not (stamp or day or self.errors):
            self.add_error("notified_on", DAY_REQUIRED)
        return data

    def values(self) -> dict[str, Any]:
        """As `services.va_clock` takes it."""
        data = {key: value for key, value in self.cleaned_data.items() if key != "stamp"}
        day = data.pop("notified_on")
        return {**data, "notified": self.cleaned_data["stamp"] or day}


class ValidationForm(forms.Form):
    validated_on = DayField(label="Validée par le Client le")
    proofs = ProofsField(label="Preuve", error_messages=PROOF_REQUIRED)


class UndoForm(forms.Form):
    reason = reason_field()
