"""One line of the take-over of the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from calendar_app.enums import Channel, State
from calendar_app.models import Deadline
from calendar_app.rules.filing import is_in_time
from calendar_app.services.filings import NO_PROOF, past_problem
from calendar_app.services.takeover import PastLine
from documents.forms import ProofsField
from segur.fields import IdentifierFormField
from segur.form_fields import LongTextField, ParisInstantField, offer
from segur.lib import paris

CONFIRM_ORDER = "Je confirme ce dépôt alors que la réalisation n'est pas déclarée."


class PastClaim(models.TextChoices):
    KEPT = "DANS_LES_DELAIS", "Déposé dans les délais"
    LATE = "EN_RETARD", "Déposé en retard"
    NOT_APPLICABLE = "SANS_OBJET", "Sans objet"
    NOT_DONE = "PAS_FAIT", "Pas encore fait"


FILED = (PastClaim.KEPT, PastClaim.LATE)


class PastForm(forms.Form):
    """What happened to one milestone. What is claimed is checked against the date given."""

    claim = forms.ChoiceField(
        label="Situation",
        choices=PastClaim.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la situation de ce jalon."},
    )
    deposited_at = ParisInstantField(
        label="Jour et heure du dépôt",
        required=False,
        help_text="Ceux de l'accusé de dépôt, heure de Paris.",
    )
    reference = IdentifierFormField(
        label="Numéro de l'accusé de dépôt", max_length=80, required=False
    )
    proofs = ProofsField(label="Preuves du dépôt", required=False)
    without_proof = forms.BooleanField(
        label="Sans preuve",
        required=False,
        help_text="Le dépôt portera la mention « sans preuve » partout où il figure.",
    )
    out_of_order = forms.BooleanField(label=CONFIRM_ORDER, required=False)
    reason = LongTextField(
        "Motif",
        max_length=1000,
        rows=2,
        required=False,
        help_text="Pourquoi ce jalon est sans objet.",
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        deadline: Deadline,
        now: dt.datetime,
        noon_in_time: bool,
        reasons: Sequence[Mapping[str, Any]] = (),
        undone: Deadline | None = None,
    ) -> None:
        """`reasons`: the conditions of payment that are not met today; `undone`: the realisation
        that this payment rests on, not declared yet.
        """
        super().__init__(data, files, prefix=f"jalon-{deadline.pk}")
        self.deadline = deadline
        self.now = now
        self.noon_in_time = noon_in_time
        self.reasons = reasons
        if undone is None:
            del self.fields["out_of_order"]
        if deadline.channel == Channel.NONE:
            self._say_done()

    def _say_done(self) -> None:
        """A milestone without deposit is done, not filed."""
        labels = {PastClaim.KEPT: "Réalisé dans les délais", PastClaim.LATE: "Réalisé en retard"}
        offer(self, "claim", [(c.value, labels.get(c, c.label)) for c in PastClaim])
        self.fields["deposited_at"].label = "Jour et heure de la réalisation"

    @property
    def is_taken(self) -> bool:
        return bool(self.cleaned_data["claim"] != PastClaim.NOT_DONE)

    def clean_deposited_at(self) -> dt.datetime | None:
        instant: dt.datetime | None = self.cleaned_data["deposited_at"]
        recorded_at = self.deadline.subject.created_at
        if instant and (problem := past_problem(instant, recorded_at, self.now)):
            raise ValidationError(problem)
        return instant

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        claim, instant = data.get("claim"), data.get("deposited_at")
        if claim in FILED and "deposited_at" in data:
            self._check_date(PastClaim(claim), instant)
            self._check_proofs()
        elif claim == PastClaim.NOT_APPLICABLE and not data.get("reason", "").strip():
            self.add_error("reason", "Indiquez pourquoi ce jalon est sans objet.")
        if claim in (PastClaim.NOT_DONE, PastClaim.NOT_APPLICABLE) and (
            instant or data.get("proofs") or data.get("without_proof")
        ):
            self.add_error(
                "claim",
                "Vous donnez une date ou une preuve : choisissez « Déposé », ou effacez-la.",
            )
        return data

    def _check_date(self, claim: PastClaim, instant: dt.datetime | None) -> None:
        due_at = self.deadline.fixed_at
        if instant is None:
            self.add_error("deposited_at", "Indiquez le jour et l'heure du dépôt.")
        elif is_in_time(instant, due_at, exact_is_in_time=self.noon_in_time) != (
            claim == PastClaim.KEPT
        ):
            found = "en retard" if claim == PastClaim.KEPT else "dans les délais"
            self.add_error(
                "claim",
                f"Un dépôt du {paris.short(instant)} est {found} : il fallait déposer avant le "
                f"{paris.short(due_at)}. Corrigez l'un ou l'autre.",
            )

    def _check_proofs(self) -> None:
        data = self.cleaned_data
        if "proofs" not in data:
            return
        if data["without_proof"] and data["proofs"]:
            self.add_error("without_proof", "Une preuve est jointe : décochez cette case.")
        elif not data["proofs"] and not data["without_proof"]:
            self.add_error("proofs", NO_PROOF)

    def line(self) -> PastLine:
        data = self.cleaned_data
        set_aside = data["claim"] == PastClaim.NOT_APPLICABLE
        return PastLine(
            deadline=self.deadline,
            outcome=State.NOT_APPLICABLE if set_aside else State.FILED,
            deposited_at=data["deposited_at"],
            reference=data["reference"],
            reason=data["reason"],
            files=data["proofs"],
            without_proof=data["without_proof"],
            out_of_order=data.get("out_of_order", False),
        )
