"""Forms of «Préférences de rappel»: one general, one for each dispositif, which wins."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from calendar_app.enums import REMINDER_MAIL
from calendar_app.models import Dispositif
from calendar_app.rules.steps import DEFAULT_STEPS, step_label
from calendar_app.rules.wishes import Preference
from mailing.rules import optional_kinds
from segur.form_fields import DayField

STEP_HELP = {0: "le matin de l'échéance", -1: "si rien n'est déposé", -7: "si rien n'est déposé"}


def _step_choice(step: int) -> tuple[int, str]:
    note = STEP_HELP.get(step)
    return step, f"{step_label(step)}, {note}" if note else step_label(step)


class PreferenceForm(forms.Form):
    """Shows what is wanted: the kinds that are not ticked are shown on the site only."""

    kinds = forms.MultipleChoiceField(
        label="Courriels que je veux recevoir",
        help_text=(
            "Ce que vous décochez s'affiche sur ce site seulement, dans Notifications. Le "
            "récapitulatif n'existe que par courriel."
        ),
        choices=lambda: [(str(kind), kind.label) for kind in optional_kinds()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    steps = forms.TypedMultipleChoiceField(
        label="Étapes des rappels",
        choices=[_step_choice(step) for step in DEFAULT_STEPS],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    early = forms.BooleanField(
        label="Recevoir aussi les premières étapes",
        help_text=(
            "Les Représentants ne sont ajoutés qu'à J-7 et les Mandataires à J-3 : "
            "cochez pour être rappelé dès J-90, quel que soit votre rôle."
        ),
        required=False,
    )
    paused_until = DayField(
        label="Pause jusqu'au",
        help_text=(
            "Ce jour compris. À la fin de la pause, pour chaque échéance, seul le rappel manqué "
            "le plus proche part."
        ),
        required=False,
    )

    def __init__(self, *args: Any, preference: Preference, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pause = preference.paused_until
        self.initial = {
            "kinds": [str(k) for k in optional_kinds() if k not in preference.muted_kinds],
            "steps": sorted(preference.steps, reverse=True),
            "early": preference.early,
            "paused_until": pause if pause and pause >= today else None,
        }
        self.today = today

    def clean_paused_until(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["paused_until"]
        if day and day < self.today:
            raise ValidationError(
                "Ce jour est passé : choisissez aujourd'hui ou plus tard, ou laissez vide."
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if REMINDER_MAIL in data.get("kinds", []) and not data.get("steps"):
            self.add_error(
                "steps", "Choisissez au moins une étape, ou décochez les rappels avant échéance."
            )
        return data

    def values(self) -> dict[str, Any]:
        """As `services.reminders.preference_save` takes them."""
        data = self.cleaned_data
        return {
            "steps": data["steps"],
            "early": data["early"],
            "muted_kinds": [str(kind) for kind in optional_kinds() if kind not in data["kinds"]],
            "paused_until": data["paused_until"],
        }


class GeneralPreferenceForm(PreferenceForm):
    quiet = forms.BooleanField(
        label="Aucun de ces courriels le soir, le week-end et les jours fériés",
        help_text=(
            "Hors des jours ouvrés de 9h à 19h (heure de Paris), ils attendent le matin ouvré "
            "suivant, alertes de tickets comprises ; Notifications les affiche aussitôt."
        ),
        required=False,
    )
    field_order = ("kinds", "quiet")

    def __init__(self, *args: Any, preference: Preference, **kwargs: Any) -> None:
        super().__init__(*args, preference=preference, **kwargs)
        self.initial["quiet"] = preference.quiet

    def values(self) -> dict[str, Any]:
        return {**super().values(), "quiet": self.cleaned_data["quiet"]}


class DispositifPreferenceForm(PreferenceForm):
    """Its fields count only where `own` is ticked; a choice made without ticking is pointed out."""

    own = forms.BooleanField(label="Régler ce dispositif à part", required=False)
    field_order = ("own",)

    def __init__(self, *args: Any, dispositif: Dispositif, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, prefix=dispositif.slug, **kwargs)
        self.initial["own"] = is_own
        self.dispositif = dispositif

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("own"):
            return data
        for name in list(self.errors):
            del self.errors[name]
        if self.changed_data and not self.initial["own"]:
            self.add_error(
                "own",
                f"Cochez cette case pour appliquer ces choix au dispositif {self.dispositif}, "
                "ou remettez-les comme ils étaient.",
            )
        return data

    @property
    def is_open(self) -> bool:
        """Whether the page shows the fields unfolded."""
        return bool(self["own"].value() or self.errors)
