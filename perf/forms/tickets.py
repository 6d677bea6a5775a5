"""Forms of support tickets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models

from journal.forms import ReadingForm
from perf.models import Ticket
from segur.fields import IdentifierFormField
from segur.filters import ListFilter
from segur.form_fields import ParisInstantField
from teamwork.selectors.charges import CHOICES

STATES = (
    ("", "Tous"),
    ("en-cours", "En cours"),
    ("a-risque", "À risque"),
    ("gti-manquee", "GTI manquée"),
    ("gtr-manquee", "GTR manquée"),
    ("clos", "Clos"),
)


class TicketForm(forms.Form):
    """A whole ticket: to declare it, or to correct it."""

    reference = IdentifierFormField(
        label="Référence",
        max_length=80,
        help_text="Le numéro du ticket dans votre outil de support.",
        error_messages={"required": "Donnez le numéro du ticket."},
    )
    subject = forms.CharField(
        label="Objet",
        max_length=200,
        error_messages={"required": "Indiquez en quelques mots ce que le Client signale."},
    )
    opened_at = ParisInstantField(
        label="Déclaré par le Client",
        help_text="La GTI et la GTR courent à partir de cet instant, en période ouvrable.",
    )
    responded_at = ParisInstantField(label="Pris en charge", required=False)
    restored_at = ParisInstantField(
        label="Rétabli",
        required=False,
        help_text="Un ticket rétabli est clos : sa prise en charge est alors nécessaire.",
    )


class CorrectionForm(ReadingForm, TicketForm):
    @classmethod
    def of(cls, ticket: Ticket, data: Any = None) -> CorrectionForm:
        return cls(data, initial=cls.initial_of(ticket))


class RespondForm(forms.Form):
    responded_at = ParisInstantField(
        label="Pris en charge", help_text="L'instant où le support a répondu au Client."
    )


class RestoreForm(forms.Form):
    """Asks for the «prise en charge» too where it was not recorded: no ticket closes without."""

    responded_at = ParisInstantField(
        label="Pris en charge", help_text="L'instant où le support a répondu au Client."
    )
    restored_at = ParisInstantField(
        label="Rétabli", help_text="L'instant où le service a fonctionné de nouveau."
    )

    def __init__(self, data: Any = None, *, ticket: Ticket, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        if ticket.responded_at:
            del self.fields["responded_at"]


class TicketFilter(ListFilter):
    q = IdentifierFormField(label="Client, référence ou objet", required=False)
    etat = forms.ChoiceField(label="État", choices=STATES, required=False)
    charge = forms.ChoiceField(label="En charge", choices=CHOICES, required=False)
    prestation = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=models.BigIntegerField.MAX_BIGINT,
        widget=forms.HiddenInput,
    )


class ServiceSearchForm(ListFilter):
    q = IdentifierFormField(
        label="Nom du Client, FINESS ou code du service",
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
