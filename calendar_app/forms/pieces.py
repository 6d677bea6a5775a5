"""A piece of a dossier, and a line of what a milestone expects."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from accounts.selectors.people import people_of
from calendar_app.enums import MilestoneScope, PieceState
from calendar_app.forms.lists import LINE, ListLineForm
from calendar_app.models import Deadline, ExpectedPiece, Milestone
from calendar_app.selectors.pieces import PieceLine
from calendar_app.services.pieces import EXPECTED
from documents.forms import ProofsField
from journal.forms import ReadingForm
from journal.services.readings import stamp
from segur.form_fields import DayField, LongTextField, offer


class PieceForm(ReadingForm):
    state = forms.ChoiceField(
        label="État",
        choices=PieceState,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l'état de la pièce."},
    )
    uploads = ProofsField(label="Fichiers", required=False)
    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Personne chargée",
        required=False,
        empty_label="Personne",
        error_messages={"invalid_choice": "Cette personne n'est pas de votre organisation."},
    )
    due_on = DayField(label="À fournir pour le", required=False)
    note = LongTextField(
        "Précision",
        rows=2,
        required=False,
        help_text="Pourquoi la pièce est sans objet, ou ce qu'il reste à faire.",
    )

    def __init__(self, *args: Any, deadline: Deadline, line: PieceLine, **kwargs: Any) -> None:
        piece = line.piece
        kwargs["initial"] = {
            "state": line.state,
            "person": piece and piece.person_id,
            "due_on": piece and piece.due_on,
            "note": piece.note if piece else "",
            "read": stamp(piece.changed_at if piece else None),
        }
        super().__init__(*args, **kwargs)
        offer(self, "person", people_of(deadline.organisation_id))

    def values(self) -> dict[str, Any]:
        """The arguments of `services.pieces.save_piece`."""
        return {**self.cleaned_data, "state": PieceState(self.cleaned_data["state"])}


class OwnPieceForm(forms.Form):
    label = forms.CharField(
        label="Nom de la pièce",
        max_length=200,
        error_messages={"required": "Donnez un nom à la pièce."},
    )


class ExpectedPieceForm(ListLineForm):
    facts = EXPECTED

    class Meta(ListLineForm.Meta):
        model = ExpectedPiece
        help_texts = {  # noqa: RUF012
            **ListLineForm.Meta.help_texts,
            "source": "Le texte qui demande la pièce, ou « à confirmer ».",
        }
        error_messages = {  # noqa: RUF012
            **ListLineForm.Meta.error_messages,
            "label": {"required": "Écrivez l'intitulé de la pièce."},
            "milestone": {"required": "Choisissez le jalon."},
            "code": {"required": "Donnez un code à la pièce."},
        }


class NewExpectedPieceForm(ExpectedPieceForm):
    class Meta(ExpectedPieceForm.Meta):
        fields = ("milestone", "code", *LINE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["milestone"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        milestones = Milestone.objects.filter(scope=MilestoneScope.SOLUTION).select_related(
            "dispositif"
        )
        choice.queryset, choice.empty_label = milestones, "Choisissez un jalon"
