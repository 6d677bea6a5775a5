"""A sentence that is used again in reasons."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from accounts.permissions import is_responsable
from pilots.pv.models import ReasonSentence


class SentenceForm(forms.ModelForm):  # type: ignore[type-arg]
    is_shared = forms.BooleanField(
        label="Partagée : proposée à tous les agents de l'ANS", required=False
    )

    class Meta:
        model = ReasonSentence
        fields = ("text",)
        widgets = {"text": forms.Textarea({"rows": 2})}  # noqa: RUF012  (Django's own idiom)
        help_texts = {"text": "Elle est proposée pendant la saisie d'un motif."}  # noqa: RUF012
        error_messages = {"text": {"required": "Écrivez la phrase."}}  # noqa: RUF012

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_shared"].initial = self.instance.pk and self.instance.owner_id is None
        if not is_responsable(user):
            del self.fields["is_shared"]

    def values(self) -> dict[str, Any]:
        """The arguments of `services.sentences.save_sentence`."""
        is_shared = bool(self.cleaned_data.get("is_shared"))
        return {"sentence": self.save(commit=False), "is_shared": is_shared}
