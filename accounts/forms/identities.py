"""The account of a person who comes by a provider of OpenID Connect, in our words."""

from typing import Any, cast

from allauth.socialaccount import forms as allauth
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from accounts.forms.login import ADDRESS_ERRORS, FullNameField, Joining
from accounts.middleware import SESSION_KEY
from accounts.models import User
from accounts.selectors.invitations import open_to
from accounts.services.invitations import UNKNOWN, invitation_accept
from accounts.services.oidc.adapter import verified_address
from accounts.services.oidc.identities import identity_detach
from journal.rules.by import By
from segur.fields import AddressFormField


class IdentitySignupForm(Joining, allauth.SignupForm):
    """The address is the provider's; the invitations that wait for it are accepted together."""

    field_order = ("email", "full_name")

    full_name = FullNameField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = verified_address(self.sociallogin)
        self.fields["email"] = AddressFormField(
            label="Adresse électronique",
            help_text=f"Celle que garantit {self.sociallogin.provider.name}.",
            error_messages=ADDRESS_ERRORS,
            disabled=True,
        )
        self.initial["email"] = email
        self.initial["full_name"] = cast("User", self.sociallogin.user).full_name
        self.invitations = open_to(email, timezone.now())

    def _save_and_join(self, request: HttpRequest) -> User:
        invitations = list(self.invitations)
        if not invitations:
            raise ValidationError(UNKNOWN)
        user = cast("User", super().save(request))
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])
        by = By.person(user, timezone.now())
        for invitation in invitations:
            membership = invitation_accept(invitation=invitation, by=by)
            request.session[SESSION_KEY] = membership.organisation_id
        return user


class DetachForm(allauth.DisconnectForm):
    """Also of an identity whose provider is no longer configured."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        field.error_messages["required"] = "Choisissez l'identité à détacher."
        field.error_messages["invalid_choice"] = "Cette identité n'est plus attachée à ce compte."

    def save(self) -> None:
        identity_detach(self.request, self.cleaned_data["account"])
