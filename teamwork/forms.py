"""Forms of charges, absences and comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import User
from documents.forms import ProofsField
from segur.form_fields import DayField, LongTextField, offer
from teamwork.enums import Audience
from teamwork.selectors.absences import may_stand_in

NOBODY = "Personne en particulier"


class ChargeForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.none(), label="En charge", required=False, empty_label=NOBODY
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", User.objects.filter(pk__in=[one.pk for one in people]))


class AwayForm(forms.Form):
    until = DayField(label="Absent jusqu'au", help_text="Ce jour compris.")
    stand_in = forms.ModelChoiceField(
        User.objects.none(),
        label="Remplaçant",
        empty_label="Choisissez une personne",
        help_text="Un membre de toutes vos organisations : il lit ce qu'elles reçoivent.",
        error_messages={"required": "Choisissez qui vous remplace."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "stand_in", may_stand_in(user))


class CommentForm(forms.Form):
    """`offered`: who may be chosen to read it, in words."""

    body = LongTextField("Commentaire", max_length=4000, missing="Écrivez le commentaire.")
    audience = forms.ChoiceField(
        label="Lu par",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez qui lit le commentaire."},
    )
    proofs = ProofsField(label="Fichiers joints", required=False)

    def __init__(self, *args: Any, offered: Mapping[Audience, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "audience", [(str(key), words) for key, words in offered.items()])
        self.fields["audience"].initial = str(Audience.TEAM)
