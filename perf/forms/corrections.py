"""The ANS's decision on a correction that lowers D_f."""

from django import forms

from perf.services.decisions import NO_REASON
from segur.form_fields import LongTextField


class CorrectionDecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="Décision",
        widget=forms.RadioSelect,
        choices=[
            ("accept", "Accepter : la correction compte à partir de maintenant"),
            ("refuse", "Refuser : rien ne change"),
        ],
        error_messages={"required": "Choisissez une décision."},
    )
    reason = LongTextField(
        "Motif",
        max_length=2000,
        help_text="Le Fournisseur le reçoit ; il est gardé dans le journal.",
        missing=NO_REASON,
    )
