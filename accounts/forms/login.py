"""The forms of django-allauth in our words: labels, help and errors; no placeholder."""

from abc import abstractmethod
from typing import Any, cast

from allauth.account import forms as allauth
from allauth.core import context
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.middleware import SESSION_KEY
from accounts.models import User
from accounts.services import invited
from accounts.services.invitations import UNKNOWN, invitation_accept
from journal.rules.by import By
from segur.fields import AddressFormField

CHOOSING_HELP = (
    "12 caractères au moins, pas seulement des chiffres. Évitez un mot de passe courant ou proche "
    "de votre adresse. Une phrase de quelques mots convient bien."
)
ADDRESS_ERRORS = {
    "required": "Écrivez une adresse électronique.",
    "invalid": "Cette adresse n'est pas complète. Exemple : prenom.nom@exemple.fr.",
}
TAKEN = "Cette adresse a déjà un compte : connectez-vous, puis ouvrez de nouveau l'invitation."
NAME_ERRORS = {"required": "Écrivez votre prénom et votre nom."}


def _address(label: str, autocomplete: str = "username", **kwargs: Any) -> AddressFormField:
    """In place of allauth's: an address with an invisible character is the same account's."""
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
    return AddressFormField(label=label, error_messages=ADDRESS_ERRORS, widget=widget, **kwargs)


def _password(field: forms.Field, label: str, *, is_new: bool = False, help_text: str = "") -> None:
    field.label = label
    field.help_text = help_text
    field.error_messages["required"] = "Écrivez le mot de passe."
    autocomplete = "new-password" if is_new else "current-password"
    field.widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    field.widget.is_required = field.required


def _new_password(fields: dict[str, forms.Field]) -> None:
    _password(fields["password1"], "Nouveau mot de passe", is_new=True, help_text=CHOOSING_HELP)
    _password(fields["password2"], "Le même, une seconde fois", is_new=True)


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _address("Adresse électronique")
        _password(self.fields["password"], "Mot de passe")


class ReauthenticateForm(allauth.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _password(self.fields["password"], "Mot de passe")


class ResetPasswordForm(allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = _address("Adresse électronique")


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self.fields)


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _password(self.fields["oldpassword"], "Mot de passe actuel")
        _new_password(self.fields)


class SetPasswordForm(allauth.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self.fields)


class AddEmailForm(allauth.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = _address("Nouvelle adresse", autocomplete="email")


class FullNameField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label="Prénom et nom",
            max_length=150,
            error_messages=NAME_ERRORS,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value).split())


class Joining:
    """What forms share that make the account of somebody invited, whatever proved the address."""

    cleaned_data: dict[str, Any]

    def validate_unique_email(self, value: str) -> str:
        """The address is proved, so there is nothing to hide from this person."""
        if User.objects.filter(email__iexact=value).exists():
            raise ValidationError(TAKEN)
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """The account and its memberships, or neither."""
        try:
            with transaction.atomic():
                return self._save_and_join(request), None
        except (ValidationError, IntegrityError) as error:
            # Used, withdrawn or sent again since the form was checked; or sent twice at once.
            sentence = error.messages[0] if isinstance(error, ValidationError) else TAKEN
            messages.error(request, sentence)
            return None, redirect("account_login")

    @abstractmethod
    def _save_and_join(self, request: HttpRequest) -> User:
        """Raises ValidationError when the invitation serves no longer."""


class SignupForm(Joining, allauth.SignupForm):
    """The account of an invited newcomer: the address is the invitation's and cannot be changed."""

    field_order = ("email", "full_name", "password1", "password2")

    full_name = FullNameField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invited.remembered(context.request, timezone.now())
        help_text = "Celle de l'invitation. Vous pourrez la changer ensuite."
        self.fields["email"] = _address("Adresse électronique", help_text=help_text, disabled=True)
        self.initial["email"] = self.invitation.email if self.invitation else ""
        _password(self.fields["password1"], "Mot de passe", is_new=True, help_text=CHOOSING_HELP)
        _password(self.fields["password2"], "Le même, une seconde fois", is_new=True)

    def _save_and_join(self, request: HttpRequest) -> User:
        if self.invitation is None:
            raise ValidationError(UNKNOWN)
        user = cast("User", super().save(request))
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])
        now = timezone.now()
        membership = invitation_accept(invitation=self.invitation, by=By.person(user, now))
        invited.forget(request)
        request.session[SESSION_KEY] = membership.organisation_id
        return user
