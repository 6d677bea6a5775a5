"""Form of an amendment: typed, then shown once more before it is made."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from calendar_app.enums import Nature
from calendar_app.models import Milestone
from calendar_app.rules.amendment import Dates, refusals
from calendar_app.services.calendars import STALE
from journal.forms import refuse
from segur.form_fields import LongTextField, ParisInstantField


class AmendForm(forms.Form):
    """`based_on` is the version that the person has read, kept through the confirmation."""

    due_at = ParisInstantField(
        label="Nouvelle date",
        help_text="Le dépôt ou la réalisation doit se faire avant cet instant.",
    )
    nature = forms.ChoiceField(
        label="Nature de la date",
        choices=Nature.choices,
        widget=forms.RadioSelect,
        help_text=(
            "Une date estimée figure à côté de la date réglementaire, marquée ≈ : elle ne déplace "
            "ni échéance ni rappel. Une date réglementaire remplace la précédente et l'estimation."
        ),
        error_messages={"required": "Précisez si la date est réglementaire ou estimée."},
    )
    reason = LongTextField(
        "Motif",
        help_text="Publié sur la page du calendrier et envoyé aux personnes concernées.",
        missing="Indiquez le motif : il sera publié et envoyé aux personnes concernées.",
    )
    source = forms.CharField(
        label="Source",
        max_length=300,
        help_text="Le texte qui donne cette date. Exemple : arrêté du 12 janvier 2027, article 3.",
        error_messages={
            "required": "Indiquez le texte qui donne cette date, par exemple l'arrêté et sa date."
        },
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, milestone: Milestone, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "due_at": milestone.due_at or milestone.estimated_at,
            "nature": milestone.nature,
            "based_on": milestone.version,
        }
        self.milestone = milestone
        self.now = now

    def clean(self) -> dict[str, Any]:
        """What the service would refuse is refused before the confirmation page."""
        data = super().clean() or self.cleaned_data
        if data.get("based_on") != self.milestone.version:
            self._read_again()
        if "due_at" in data:
            problems = refusals(
                Dates(self.milestone.due_at, self.milestone.estimated_at),
                due_at=data["due_at"],
                nature=data.get("nature", self.milestone.nature),
                now=self.now,
            )
            refuse(self, ValidationError(problems))
        return data

    def _read_again(self) -> None:
        """Somebody else was first: the form comes back with the version that it now shows."""
        typed = {name: self.data[name] for name in self.data}
        self.data = typed | {"based_on": str(self.milestone.version)}
        self.add_error(None, ValidationError(STALE, code="stale"))

    def as_read(self) -> Milestone:
        """The milestone at the version that the person has read."""
        milestone = copy.copy(self.milestone)
        milestone.version = self.cleaned_data["based_on"]
        return milestone

    def kept(self) -> list[tuple[str, str]]:
        """Every field as it was typed, for the hidden inputs of the confirmation."""
        return [
            (name, self.data[name])
            for name in ("due_at_jour", "due_at_heure", "nature", "reason", "source", "based_on")
            if name in self.data
        ]
