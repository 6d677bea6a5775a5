"""A line of a list that the ANS edits."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from journal.forms import ReadingForm
from journal.services.readings import fields_stamp
from segur.fields import WholeNumberField

LINE = ("label", "help", "source", "position", "is_required")


class ListLineForm(ReadingForm, forms.ModelForm):  # type: ignore[type-arg]
    """`facts`: the fields that its service writes in the journal, whose stamp the page carries."""

    facts: ClassVar[tuple[str, ...]]

    class Meta:
        fields: tuple[str, ...] = LINE
        field_classes = {"position": WholeNumberField}  # noqa: RUF012
        widgets = {"help": forms.Textarea({"rows": 2})}  # noqa: RUF012  (Django's own idiom)
        help_texts = {  # noqa: RUF012
            "position": "La place dans la liste, la plus petite d'abord.",
            "code": "Un mot court, sans espace ni accent ; il ne change plus ensuite.",
        }
        error_messages = {  # noqa: RUF012
            "source": {"required": "Indiquez la source de la ligne."},
            "position": {"required": "Indiquez le rang de la ligne."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["read"] = fields_stamp(self.instance, self.facts)

    def kept(self) -> list[tuple[str, str]]:
        """What was typed, for the hidden inputs of the confirmation."""
        return [(name, self.data[name]) for name in self.fields if name in self.data]

    def changes(self) -> list[tuple[str, Any, Any]]:
        """Label, before (empty for a new line) and after, of what was changed."""
        is_new = self.instance.pk is None
        return [
            (str(self.fields[name].label), "" if is_new else self.initial.get(name), value)
            for name, value in self.cleaned_data.items()
            if name in self.changed_data and name != "read"
        ]

    def values(self) -> dict[str, Any]:
        """The argument of the service."""
        return {"item": self.save(commit=False), "read": self.cleaned_data["read"]}
