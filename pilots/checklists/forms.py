"""Lines of the check-lists of the PV and of the VA."""

from __future__ import annotations

from django import forms

from pilots.checklists.models import ChecklistItem
from segur.fields import WholeNumberField

LINE = ("label", "help", "source", "position", "is_required")


class LineForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ChecklistItem
        fields = LINE
        field_classes = {"position": WholeNumberField}  # noqa: RUF012
        widgets = {"help": forms.Textarea({"rows": 2})}  # noqa: RUF012  (Django's own idiom)
        help_texts = {  # noqa: RUF012
            "source": "D'où vient cette ligne. « À confirmer » tant que le modèle de l'ASP n'est "
            "pas connu.",
            "position": "La place dans la liste, la plus petite d'abord.",
        }
        error_messages = {  # noqa: RUF012
            "label": {"required": "Écrivez l'intitulé de la ligne."},
            "source": {"required": "Indiquez la source de la ligne."},
            "position": {"required": "Indiquez le rang de la ligne."},
        }

    def values(self) -> dict[str, ChecklistItem]:
        """The argument of `services.save_item`."""
        return {"item": self.save(commit=False)}


class NewLineForm(LineForm):
    class Meta(LineForm.Meta):
        fields = ("checklist", "code", *LINE)  # type: ignore[assignment]
        help_texts = {  # noqa: RUF012
            **LineForm.Meta.help_texts,
            "code": "Un mot court, sans espace ni accent ; il ne change plus ensuite.",
        }
        error_messages = {  # noqa: RUF012
            **LineForm.Meta.error_messages,
            "checklist": {"required": "Choisissez la liste."},
            "code": {"required": "Donnez un code à la ligne."},
        }
