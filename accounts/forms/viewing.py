"""Whom a responsable looks through, and why."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Membership
from segur.form_fields import LongTextField, offer


class MemberChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user}, {obj.get_role_display()}"


class ViewAsForm(forms.Form):
    member = MemberChoice(
        queryset=Membership.objects.none(),
        label="Voir le site comme",
        empty_label="Choisissez une personne",
        error_messages={
            "required": "Choisissez la personne.",
            "invalid_choice": "Cette personne n'est pas membre de l'organisation.",
        },
    )
    reason = LongTextField(
        "Motif",
        help_text="Les membres de l'organisation le lisent dans leur journal.",
        missing="Donnez le motif.",
    )

    def __init__(self, data: Any, *, members: Any) -> None:
        super().__init__(data)
        offer(self, "member", members)
