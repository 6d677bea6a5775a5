"""Invite somebody, change a role, change one's own name and appearance."""

from typing import Any

from django import forms

from accounts.enums import ROLE_MEANING, Role, Theme
from accounts.forms.login import ADDRESS_ERRORS, FullNameField
from accounts.models import Membership, Organisation, User
from accounts.services.departures import successors
from segur.fields import AddressFormField
from segur.form_fields import LongTextField

ROLE_ERRORS = {
    "required": "Choisissez un rôle.",
    "invalid_choice": "Cette organisation ne donne pas ce rôle : choisissez-en un de la liste.",
}


class RoleForm(forms.Form):
    """The roles that this organisation gives, with what each may do."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label="Rôle",
            choices=[(r.value, f"{r.label} : {ROLE_MEANING[r]}") for r in organisation.roles],
            widget=forms.RadioSelect,
            error_messages=ROLE_ERRORS,
        )

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    email = AddressFormField(
        label="Adresse électronique", max_length=254, error_messages=ADDRESS_ERRORS
    )


class DepartureForm(forms.Form):
    """Who takes over what a member leaves behind."""

    NOBODY = "personne"

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._users = {str(user.pk): user for user in successors(membership)}
        self.fields["successor"] = forms.ChoiceField(
            label="Qui reprend ce travail",
            choices=[
                ("", "Choisissez"),
                *((pk, str(user)) for pk, user in self._users.items()),
                (self.NOBODY, "Personne pour l'instant : il sera à prendre"),
            ],
            error_messages={
                "required": "Choisissez qui reprend le travail de cette personne.",
                "invalid_choice": "Cette personne n'est plus membre : choisissez-en une autre.",
            },
        )

    def successor(self) -> User | None:
        return self._users.get(self.cleaned_data["successor"])


class ProfileForm(forms.Form):
    full_name = FullNameField()
    theme = forms.ChoiceField(
        label="Affichage",
        choices=Theme.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un affichage."},
    )

    def clean_theme(self) -> Theme:
        return Theme(self.cleaned_data["theme"])


class FactorResetForm(forms.Form):
    reason = LongTextField(
        "Motif",
        help_text="Par exemple : téléphone perdu, demandé de vive voix.",
        missing="Indiquez le motif : il sera gardé dans le journal.",
    )
