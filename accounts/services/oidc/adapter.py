"""Who may enter by a provider of OpenID Connect, and what a refusal says (ADR 0040)."""

import logging
from http import HTTPStatus
from typing import Any, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.rules.id_tokens import TokenRefusal
from accounts.selectors.invitations import open_to
from accounts.services import access_requests
from accounts.services.oidc.identities import identity_confirm
from accounts.services.oidc.provider import CONFIRM, ProviderError

log = logging.getLogger(__name__)

_AGAIN = "Recommencez la connexion ; si cela se répète, prévenez l'équipe du site."
_NOT_PROVED = "La réponse de {provider} n'est pas celle que ce site attend : {what}. " + _AGAIN
SENTENCES: dict[TokenRefusal, str] = {
    TokenRefusal.CANCELLED: "Vous avez interrompu la connexion chez {provider}.",
    TokenRefusal.STATE: "Cette connexion n'a pas été demandée depuis ce navigateur, ou elle l'a "
    "été il y a plus de dix minutes. Recommencez depuis la page de connexion.",
    TokenRefusal.ANSWER: "{provider} ne répond pas, ou sa réponse est illisible. Réessayez dans "
    "quelques minutes, ou connectez-vous avec votre mot de passe.",
    TokenRefusal.EXPIRED: "La preuve d'identité donnée par {provider} est périmée. " + _AGAIN,
    TokenRefusal.CLOCK: "L'heure de {provider} et celle de ce site diffèrent trop. " + _AGAIN,
    TokenRefusal.ADDRESS: "{provider} ne garantit pas votre adresse électronique. Faites-la "
    "vérifier chez {provider}, puis recommencez.",
    TokenRefusal.KNOWN_ADDRESS: "Un compte existe déjà sur ce site pour l'adresse {email}. "
    "Connectez-vous avec son mot de passe, puis rattachez {provider} depuis votre profil.",
    TokenRefusal.NOT_INVITED: "Aucune invitation n'attend l'adresse {email}. Le compte s'ouvre sur "
    "invitation d'un Mandataire de votre organisation.",
    TokenRefusal.OTHER_PERSON: "Cette identité n'est pas attachée au compte que vous utilisez, ou "
    "{provider} ne vous a pas demandé de la prouver à nouveau. Recommencez avec la bonne.",
    **{
        refusal: _NOT_PROVED.replace("{what}", what)
        for refusal, what in {
            TokenRefusal.ALGORITHM: "sa signature est d'un type refusé",
            TokenRefusal.KEY: "la clé de sa signature est inconnue",
            TokenRefusal.SIGNATURE: "sa signature est fausse ou manque",
            TokenRefusal.ISSUER: "elle vient d'un autre émetteur",
            TokenRefusal.AUDIENCE: "elle est destinée à un autre site",
            TokenRefusal.NONCE: "elle répond à une autre demande",
            TokenRefusal.SUBJECT: "elle désigne plusieurs personnes, ou aucune",
        }.items()
    },
}


class SocialAdapter(DefaultSocialAccountAdapter):
    """First login joins nothing by itself: an invitation must wait for the verified address."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the environment alone: no query, nothing to change in the database."""
        apps = [SocialApp(provider="openid_connect", **one) for one in settings.OIDC_APPS]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id)
            and client_id in (None, app.client_id)
        ]

    def get_requests_session(self) -> Any:
        """No credentials of a file of this machine are sent along; no redirect takes the secret of
        this site elsewhere."""
        session = super().get_requests_session()  # type: ignore[no-untyped-call]
        session.trust_env, session.max_redirects = False, 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Raises ProviderError for whoever may not go on."""
        sociallogin.state["proof"] = cast("Any", sociallogin).proof
        email = verified_address(sociallogin)
        if not email:
            raise ProviderError(TokenRefusal.ADDRESS)
        if sociallogin.state.get("process") == CONFIRM:
            raise ImmediateHttpResponse(identity_confirm(request, sociallogin))
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        if User.objects.filter(email__iexact=email).exists():
            raise ProviderError(TokenRefusal.KNOWN_ADDRESS, email=email)
        if not self.is_open_for_signup(request, sociallogin):
            name, provider = cast("User", sociallogin.user).full_name, sociallogin.provider.name
            access_requests.remember(request, email=email, name=name, provider=provider)
            raise ProviderError(TokenRefusal.NOT_INVITED, email=email)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return open_to(verified_address(sociallogin), timezone.now()).exists()

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        user = cast("User", super().populate_user(request, sociallogin, data))
        user.full_name = data.get("name", "")
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        refusal = _refusal(request, error, exception, extra_context or {})
        detail = exception.detail if isinstance(exception, ProviderError) else str(exception or "")
        log.warning("login by %s refused: %s %.300s", provider.app.provider_id, refusal, detail)
        email = exception.email if isinstance(exception, ProviderError) else ""
        context = {
            "provider": provider.app.name,
            "sentence": SENTENCES[refusal].format(provider=provider.app.name, email=email),
            "refusal": refusal.value,
        }
        page = render(
            request,
            "socialaccount/authentication_error.html",
            context,
            status=HTTPStatus.FORBIDDEN,
        )
        raise ImmediateHttpResponse(page)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("accounts:profile")


def verified_address(sociallogin: SocialLogin) -> str:
    """The one address that the provider vouches for, or nothing."""
    verified = (address.email for address in sociallogin.email_addresses if address.verified)
    return next(verified, "")


def _refusal(
    request: HttpRequest, error: Any, exception: Exception | None, context: dict[str, Any]
) -> TokenRefusal:
    if isinstance(exception, ProviderError):
        return exception.refusal
    if error == AuthError.CANCELLED or request.GET.get("error") == "access_denied":
        return TokenRefusal.CANCELLED  # some providers leave out the state then
    return TokenRefusal.STATE if "state_id" in context else TokenRefusal.ANSWER
