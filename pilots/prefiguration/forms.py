"""Forms of the préfigurateurs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Organisation
from calendar_app.models import Solution
from journal.forms import ReadingForm
from journal.rules.by import By
from pilots.enums import PrefigurateurKind
from pilots.prefiguration.models import Contact, Prefigurateur
from pilots.prefiguration.rules.prefiguration import KEPT_MONTHS, PURPOSE, unusual
from pilots.prefiguration.selectors.working_list import SITUATIONS
from pilots.prefiguration.services.contact_requests import asked_lately
from segur.fields import AddressFormField, IdentifierFormField
from segur.filters import Choices, ListFilter
from segur.form_fields import DayField, LongTextField, ParisInstantField, offer
from segur.lib import paris
from segur.lib.months import months_later
from segur.lib.workdays import this_or_next_working_day

USUAL_DELAY = dt.timedelta(days=14)
NO_PERSON = "Ni nom, ni adresse, ni numéro d'une personne : ce texte reste après l'effacement."


class PrefigurateurFilter(ListFilter):
    tabs = frozenset({"situation"})

    q = IdentifierFormField(label="Nom, commune, FINESS ou éditeur", required=False)
    editeur = forms.ChoiceField(label="Éditeur", required=False)
    situation = forms.ChoiceField(
        choices=[(name, label) for name, (label, _) in SITUATIONS.items()],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, *, editeurs: Choices) -> None:
        super().__init__(data)
        self.offer("editeur", "Tous les éditeurs", editeurs)


class CoupleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Solution) -> str:
        return f"{obj.organisation} : {obj}"


class IdentityForm(forms.Form):
    """To enter a préfigurateur, or to change it; a Client of the directory gives its own name."""

    kind = forms.ChoiceField(
        label="Nature",
        choices=PrefigurateurKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Précisez s'il s'agit d'un établissement ou d'un groupe."},
    )
    name = forms.CharField(
        label="Nom",
        max_length=200,
        error_messages={"required": "Donnez le nom de l'établissement ou du groupe."},
    )
    city = forms.CharField(label="Commune", max_length=100, required=False)
    solution = CoupleChoice(
        label="Couple DRIMbox / proxy",
        queryset=Solution.objects.none(),
        empty_label="Choisissez",
        help_text="Le couple qu'il essaie : son éditeur donne le contact technique.",
        error_messages={"required": "Choisissez le couple DRIMbox / proxy."},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        couples: QuerySet[Solution],
        client: Organisation | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"kind": PrefigurateurKind.SITE, **(initial or {})})
        offer(self, "solution", couples)
        if client:
            del self.fields["name"], self.fields["city"]

    def values(self) -> dict[str, Any]:
        return {"name": "", "city": "", **self.cleaned_data}


class IdentityEditForm(ReadingForm, IdentityForm):
    @classmethod
    def of(
        cls, prefigurateur: Prefigurateur, data: Any = None, *, couples: QuerySet[Solution]
    ) -> IdentityEditForm:
        initial = cls.initial_of(prefigurateur)
        return cls(data, couples=couples, client=prefigurateur.client, initial=initial)


class AskForm(forms.Form):
    due_on = DayField(
        label="Contact à donner avant la fin du",
        help_text="Un rappel part à J-7, J-3 et J-1, le jour même, et le lendemain.",
    )
    confirmed = forms.BooleanField(
        label="Je confirme cette nouvelle demande, le même jour que la précédente.", required=False
    )

    def __init__(
        self, data: Any = None, _files: Any = None, *, rows: Sequence[Prefigurateur], by: By
    ) -> None:
        """The box is there where one of these was asked for within a day."""
        usual = this_or_next_working_day(paris.day(by.at) + USUAL_DELAY)
        super().__init__(data, initial={"due_on": usual})
        if words := asked_lately(rows, by.at):
            self.fields["confirmed"].help_text = words
        else:
            del self.fields["confirmed"]


class PersonForm(forms.Form):
    """Who the technical contact is."""

    full_name = forms.CharField(
        label="Prénom et nom",
        max_length=150,
        error_messages={"required": "Donnez le nom de la personne."},
    )
    email = AddressFormField(
        label="Adresse électronique professionnelle",
        help_text="L'invitation à l'entretien y est envoyée.",
        error_messages={
            "required": "Donnez une adresse : l'invitation à l'entretien y est envoyée.",
            "invalid": "Cette adresse n'est pas complète. Exemple : prenom.nom@hopital.example.",
        },
    )
    phone = IdentifierFormField(label="Téléphone professionnel", max_length=30, required=False)
    job = forms.CharField(label="Fonction", max_length=150, required=False)

    @classmethod
    def of(cls, contact: Contact, data: Any = None) -> PersonForm:
        return cls(data, initial={name: getattr(contact, name) for name in cls.base_fields})


class ContactForm(PersonForm):
    purpose = LongTextField(
        "Finalité",
        max_length=300,
        initial=PURPOSE,
        help_text="Ce à quoi ces données servent, et rien d'autre. La personne le lira. "
        + NO_PERSON,
        missing="Indiquez à quoi ces données servent.",
    )
    source = LongTextField(
        "Source",
        max_length=300,
        rows=2,
        help_text="Qui vous a donné ces données, et quand. " + NO_PERSON,
        missing="Indiquez d'où viennent ces données.",
    )
    delete_on = DayField(label="À effacer le")

    def __init__(
        self, data: Any = None, *, today: dt.date, longest_months: int, source: str
    ) -> None:
        proposed = months_later(today, min(KEPT_MONTHS, longest_months))
        super().__init__(data, initial={"delete_on": proposed, "source": source})
        self.fields["delete_on"].help_text = (
            f"Ce jour-là, le contact est effacé d'office. {longest_months} mois au plus : durée à "
            "confirmer, dans les paramètres réglementaires."
        )


class InterviewForm(ReadingForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            del self.fields["confirmed"]

    at = ParisInstantField(label="Jour et heure de l'entretien", help_text="Il dure 30 minutes.")
    place = forms.CharField(
        label="Lieu ou lien",
        max_length=200,
        help_text="L'adresse d'une salle, ou celle de la visioconférence.",
        error_messages={"required": "Indiquez où se tient l'entretien."},
    )
    confirmed = forms.BooleanField(
        label="Je confirme le jour et l'heure de cet entretien.", required=False
    )

    def clean(self) -> dict[str, Any]:
        """The box is there only where there is something to confirm."""
        data = super().clean() or self.cleaned_data
        if not (at := data.get("at")) or not unusual(at):
            del self.fields["confirmed"]
        return data


class ReportForm(ReadingForm):
    interview_at = ParisInstantField(label="Entretien tenu le")
    explained_expectations = forms.BooleanField(
        label="Les attendus techniques ont été présentés", required=False
    )
    explained_calendar = forms.BooleanField(label="Le calendrier a été présenté", required=False)
    is_understood = forms.BooleanField(
        label="La bonne compréhension a été vérifiée", required=False
    )
    editeur_attended = forms.BooleanField(label="L'éditeur était présent", required=False)
    notes = LongTextField("Notes", max_length=4000, rows=6, required=False, help_text=NO_PERSON)

    @classmethod
    def of(cls, prefigurateur: Prefigurateur, data: Any = None) -> ReportForm:
        return cls(data, initial=cls.initial_of(prefigurateur))


class ReasonForm(forms.Form):
    reason = LongTextField(
        "Motif",
        help_text="Il reste au journal. " + NO_PERSON,
        missing="Indiquez le motif : le journal le garde.",
    )
