"""Forms of the connectors, of the portals and of the couple."""

from __future__ import annotations

from typing import Any

from django import forms

from documents.forms import ProofsField
from journal.forms import ReadingForm
from journal.services.readings import stamp
from pilots.enums import ConnectorState, PortalOutcome
from pilots.va.models import Portal
from pilots.va.selectors.connectors import ConnectorLine
from pilots.va.selectors.couple import Review
from pilots.va.services.couple import GONE, NO_NOTE, NO_POINT
from segur.form_fields import DayField, LongTextField, offer


class ConnectorForm(ReadingForm):
    """One act on one half-connector."""

    asked_in_help = ("on", "note", "proofs")
    state = forms.ChoiceField(
        label="État",
        choices=ConnectorState,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l'état du demi-connecteur."},
    )
    on = DayField(
        label="Le",
        required=False,
        help_text="Le jour où cela a été fait ou constaté. Demandé, sauf pour « À faire ».",
    )
    note = LongTextField(
        "Remarque",
        required=False,
        help_text="Demandée pour revenir en arrière et pour « Sans objet ».",
    )
    proofs = ProofsField(required=False, hint="Au moins une pour « Validé ».")

    def __init__(self, *args: Any, line: ConnectorLine, **kwargs: Any) -> None:
        kwargs["initial"] = {"read": line.stamp, "state": line.state}
        super().__init__(*args, **kwargs)


class PortalForm(ReadingForm):
    asked_in_help = ("informed_on", "done_on", "note", "proofs")
    name = forms.CharField(
        label="Nom du portail",
        max_length=150,
        error_messages={"required": "Donnez le nom du portail."},
    )
    informed_on = DayField(
        label="Client informé le", required=False, help_text="Vide s'il ne l'est pas encore."
    )
    informed_proofs = ProofsField(
        label="Preuve de l'information",
        required=False,
        hint="Demandée avec la date : message envoyé, courrier, clause signée.",
    )
    outcome = forms.ChoiceField(
        label="Suite",
        choices=PortalOutcome,
        widget=forms.RadioSelect,
        initial=PortalOutcome.PENDING,
        error_messages={"required": "Choisissez la suite donnée à ce portail."},
    )
    done_on = DayField(
        label="Depuis le",
        required=False,
        help_text="Le jour de cette suite. Vide tant que le portail est à traiter.",
    )
    note = LongTextField(
        "Remarque", required=False, help_text="Demandée pour revenir sur une suite."
    )
    proofs = ProofsField(
        label="Preuve de la suite",
        required=False,
        hint="Au moins une quand la suite est donnée.",
    )

    @classmethod
    def of(cls, portal: Portal, data: Any = None, files: Any = None) -> PortalForm:
        names = ("name", "informed_on", "outcome", "done_on", "note")
        initial = {name: getattr(portal, name) for name in names}
        return cls(data, files, initial={**initial, "read": stamp(portal.recorded_at)})


class AbsenceForm(forms.Form):
    stated_on = DayField(
        label="Constaté le", help_text="Le jour où le Client l'a dit, ou celui du document."
    )
    note = LongTextField("Remarque", required=False)
    proofs = ProofsField(label="Preuve", required=False, hint="Ce que le Client a écrit ou signé.")


class CoupleForm(forms.Form):
    """What was looked at again. `change` is the change that the page showed."""

    change = forms.IntegerField(widget=forms.HiddenInput)
    subjects = forms.MultipleChoiceField(
        label="Points revus",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NO_POINT, "invalid_choice": GONE},
    )
    note = LongTextField(
        "Constat",
        help_text="Ce que vous avez vérifié. Il vaut pour tous les points choisis.",
        missing=NO_NOTE,
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["change"] = review.change.pk if review.change else None
        offer(self, "subjects", [(point.key, point.title) for point in review.open])
