"""The forms of allauth.mfa in our words."""

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache

CODE_HELP = "6 chiffres, donnés par votre application d'authentification."
CODE_OR_RECOVERY_HELP = f"{CODE_HELP} Sans elle, un code de secours (8 chiffres)."
NAME_HELP = "Pour la reconnaître dans la liste, par exemple « Ordinateur du bureau »."
ALONE_HELP = (
    "L'appareil vérifie alors que c'est vous (empreinte, visage ou code). Sinon, la clé vient "
    "après le mot de passe."
)


class FactorCodeField(forms.CharField):
    def __init__(self, help_text: str = CODE_HELP) -> None:
        typed = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(
            label="Code",
            help_text=help_text,
            max_length=20,
            error_messages={"required": "Écrivez le code."},
            widget=forms.TextInput(attrs=typed),
        )


class KeyNameField(forms.CharField):
    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            label="Nom de la clé",
            help_text=NAME_HELP,
            max_length=60,
            required=required,
            error_messages={"required": "Donnez un nom à la clé."},
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )


class _CodeOnce(base.BaseAuthenticateForm):
    code = FactorCodeField(CODE_OR_RECOVERY_HELP)

    def clean_code(self) -> str:
        """A code of the application serves once: allauth remembers it for one period only, and
        accepts it for as many as MFA_TOTP_TOLERANCE adds on both sides."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            digits = "".join(filter(str.isdigit, code))
            lifetime = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
            if not cache.add(f"totp:{self.user.pk}:{digits}", "", timeout=lifetime):
                raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_CodeOnce, base.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(_CodeOnce, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(totp.ActivateTOTPForm):
    code = FactorCodeField()

    @property
    def secret_words(self) -> str:
        """The secret in groups of four, to be typed by who cannot scan the picture."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    asked_in_help = ("name", "passwordless")

    name = KeyNameField(required=False)
    passwordless = forms.BooleanField(
        label="Se connecter avec cette clé seule, sans mot de passe",
        help_text=ALONE_HELP,
        required=False,
        initial=True,
    )


class EditWebAuthnForm(webauthn.EditWebAuthnForm):
    name = KeyNameField()
