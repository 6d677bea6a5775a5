"""What this site changes in django-allauth: the way in, the words, the addresses of its links."""

from base64 import urlsafe_b64encode
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.selectors.second_factor import factors_of, must_have_second_factor
from accounts.services import devices, invited, login_limits, mail, security_log
from accounts.services.oidc import identities, sessions
from segur import reauthentication

OPENING_MAILS = ("email_confirmation", "email_confirmation_signup", "password_reset_key")
"""Mails of allauth whose link opens an account."""

_NO_MATCH = (
    "L'adresse électronique ou le mot de passe n'est pas le bon. "
    "Vérifiez-les, ou demandez un nouveau mot de passe."
)
_TOO_MANY = "Trop d'essais manqués. Attendez quelques minutes, puis recommencez."


REAUTHENTICATIONS = {
    "reauthenticate": "Mot de passe",
    "mfa_reauthenticate": "Code de l'application, ou code de secours",
    "mfa_reauthenticate:webauthn": "Clé d'accès",
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by invitation only; one address a person; links on SITE_URL."""

    error_messages = {  # noqa: RUF012  (allauth declares it so)
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est désactivé.",
        "duplicate_email": "C'est déjà votre adresse : écrivez la nouvelle.",
        "email_password_mismatch": _NO_MATCH,
        "enter_current_password": "Ce n'est pas votre mot de passe actuel.",
        "incorrect_password": "Ce n'est pas votre mot de passe.",
        "invalid_login": _NO_MATCH,
        "invalid_password_reset": "Ce lien n'est plus valable. Demandez-en un nouveau.",
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return invited.remembered(request, timezone.now()) is not None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        name = template_prefix.rsplit("/", 1)[-1]
        mail.send(
            prefix=template_prefix,
            body="message",
            to=email,
            context=context,
            sensitive=name in OPENING_MAILS,
        )

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Refuses an address that somebody has taken since the change was asked for."""
        others = User.objects.exclude(pk=email_address.user_id)
        if others.filter(email__iexact=email_address.email).exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        return bool(super().confirm_email(request, email_address))

    def post_login(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        *,
        signal_kwargs: dict[str, Any] | None,
        **kwargs: Any,
    ) -> HttpResponse:
        response = super().post_login(request, user, signal_kwargs=signal_kwargs, **kwargs)
        sessions.remember(request, signal_kwargs)
        person = cast("User", user)
        if not kwargs.get("signup") and not devices.is_known(request, person):
            self.send_notification_mail("account/email/new_device", user)
        devices.remember(request, response, person)
        security_log.record_login(person, request=request)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self.attempt = login_limits.attempt(request, credentials.get("email", ""))
        if stopped := self.attempt.stopped:
            security_log.record_refusal(stopped, "stopped", request=request)
        if not self.attempt.is_accepted:
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        if user is not None:
            security_log.record_refusal(user, "refused", request=request)

    def _rollback_login_failed_rl_usage(self) -> None:
        self.attempt.take_back()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        login_limits.forget(request, credentials.get("email", ""))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """By the provider that opened this session, which ends its own, then home."""
        return sessions.end_url(request) or super().get_logout_redirect_url(request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _on_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _on_site(super().get_email_confirmation_url(request, emailconfirmation))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Of factors, a recent login is confirmation enough; a new address is always confirmed: it
        would open the account to whoever reads it. Of a person without password nor factor allauth
        asks nothing: they prove it at their provider."""
        is_recent = reauthentication.is_recent(self.request)
        if app == "allauth.mfa":
            return not is_recent
        if not is_recent and not get_reauthentication_flows(self.request.user):
            raise ReauthenticationRequired
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        ways = [{**one, "description": REAUTHENTICATIONS[one["id"]]} for one in methods]
        if isinstance(user, User) and identities.providers_of(user):
            url = reverse("identity_confirm")
            ways.append({"id": "identity", "description": "Fournisseur d'identité", "url": url})
        return ways

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        is_known = self.request.user.is_authenticated
        return reverse("accounts:profile" if is_known else "account_login")


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors are stored encrypted; words; the last required factor stays."""

    error_messages = {  # noqa: RUF012  (allauth declares it so)
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Votre rôle demande une double authentification : ajoutez "
        "d'abord un autre moyen, puis retirez celui-ci.",
        "cannot_generate_recovery_codes": "Activez d'abord une application ou une clé d'accès.",
        "incorrect_code": "Ce code n'est pas le bon, ou a déjà servi. Attendez le suivant.",
        "unverified_email": "Confirmez ou abandonnez d'abord votre changement d'adresse.",
    }

    def _get_site_name(self) -> str:
        return "Ségur Imagerie"

    def encrypt(self, text: str) -> str:
        return _secrets().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _secrets().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        others = factors_of(user).exclude(pk=authenticator.pk)
        return others.exists() or not must_have_second_factor(user, now=timezone.now())

    def generate_authenticator_name(self, *args: Any) -> str:
        user, kind = args
        return f"Clé n° {Authenticator.objects.filter(user_id=user.pk, type=kind).count() + 1}"


def _secrets() -> MultiFernet:
    """The present key writes; former ones (SECRET_KEY_FALLBACKS) still read."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(secret: str | bytes) -> bytes:
    digest = salted_hmac("accounts.mfa", "second factor", secret, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)


def _on_site(url: str) -> str:
    """The link on SITE_URL, whatever Host header the request came with."""
    return f"{settings.SITE_URL}{urlsplit(url).path}"
