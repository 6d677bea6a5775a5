"""Lines of the check-lists of the PV and of the VA."""

from __future__ import annotations

from calendar_app.forms.lists import LINE, ListLineForm
from pilots.checklists.models import ChecklistItem
from pilots.checklists.services import FACTS


class LineForm(ListLineForm):
    facts = FACTS

    class Meta(ListLineForm.Meta):
        model = ChecklistItem
        help_texts = {  # noqa: RUF012
            **ListLineForm.Meta.help_texts,
            "source": "D'où vient cette ligne. « À confirmer » tant que le modèle de l'ASP n'est "
            "pas connu.",
        }
        error_messages = {  # noqa: RUF012
            **ListLineForm.Meta.error_messages,
            "label": {"required": "Écrivez l'intitulé de la ligne."},
            "checklist": {"required": "Choisissez la liste."},
            "code": {"required": "Donnez un code à la ligne."},
        }


class NewLineForm(LineForm):
    class Meta(LineForm.Meta):
        fields = ("checklist", "code", *LINE)
