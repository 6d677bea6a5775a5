"""A provider of OpenID Connect as this site asks and believes it (ADR 0040).

Beside what allauth does: a nonce, PKCE, the signature of every token against the JWKS read at each
login, the issuer of the environment, one subject for all answers, userinfo as a signed JWT.
"""

from typing import Any, cast

import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from accounts.rules.id_tokens import (
    Claims,
    TokenError,
    TokenRefusal,
    check_id_token,
    check_same_subject,
    check_signed,
    has_verified_address,
    subject_of,
)
from segur.identity_providers import is_safe
from segur.lib.texts import clean, folded_address

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
JWT = "application/jwt"
CONFIRM = "confirm"
"""A process beside those of allauth: whoever is logged in proves again that it is them."""


class ProviderError(OAuth2Error, TokenError):
    """A refusal that the views of allauth show as a page; `email` is not for the log."""

    def __init__(self, refusal: TokenRefusal, detail: str = "", *, email: str = "") -> None:
        super().__init__(refusal, detail)
        self.email = email


class Adapter(OpenIDConnectOAuth2Adapter):
    """What is asked of the provider, server to server."""

    def get_provider(self) -> "Provider":
        """Raises SocialApp.DoesNotExist for a provider that is not configured."""
        found = get_adapter(self.request).get_provider(self.request, provider=self.provider_id)
        return cast("Provider", found)

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            provider = self.get_provider()
            config: dict[str, Any] = _json(_get(provider.server_url))
            if config.get("issuer") != provider.app.settings["server_url"]:
                raise ProviderError(TokenRefusal.ISSUER, repr(config.get("issuer")))
            for name in ENDPOINTS:
                if not (isinstance(config.get(name), str) and is_safe(config[name])):
                    raise ProviderError(TokenRefusal.ANSWER, name)
            self._openid_config = config
        found: dict[str, Any] = self._openid_config
        return found

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        try:
            data: dict[str, Any] = super().get_access_token_data(
                request, app, client, pkce_code_verifier
            )
        except KeyError as error:  # an answer without a type
            raise ProviderError(TokenRefusal.ANSWER, str(error)) from error
        if not isinstance(data.get("access_token"), str):
            raise ProviderError(TokenRefusal.ANSWER, "no access token")
        return data

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Tokens are used once and not kept: neither their end nor the one that renews them."""
        return SocialToken(token=data["access_token"])

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        raw = kwargs["response"].get("id_token")
        try:
            keys = _json(_get(self.openid_config["jwks_uri"]))
            claims = check_id_token(
                raw,
                keys,
                issuer=app.settings["server_url"],
                client_id=app.client_id,
                nonce=nonce_of(request.GET.get("state", "")),
                now=timezone.now(),
            )
            person = {**claims, **self._userinfo(app, token.token, keys, claims)}
        except TokenError as error:
            raise ProviderError(error.refusal, error.detail) from error
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, person)
        end = self.openid_config.get("end_session_endpoint")
        cast("Any", login).proof = {
            "id_token": raw,
            "end": end,
            "auth_time": claims.get("auth_time"),
            "is_dated": app.settings["gives_auth_time"],
        }
        return login

    def _userinfo(self, app: Any, access_token: str, keys: object, claims: Claims) -> Claims:
        answer = _get(self.profile_url, access_token)
        if answer.headers.get("Content-Type", "").split(";")[0].strip().lower() == JWT:
            info = check_signed(
                answer.text.strip(),
                keys,
                issuer=app.settings["server_url"],
                client_id=app.client_id,
                now=timezone.now(),
            )
        elif app.settings["signed_userinfo"]:
            raise ProviderError(TokenRefusal.SIGNATURE, "userinfo is not signed")
        else:
            info = _json(answer)
        check_same_subject(claims, info)
        return info


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Adapter
    pkce_enabled_default = True

    def redirect(
        self, request: HttpRequest, process: str, next_url: Any = None, data: Any = None, **_: Any
    ) -> HttpResponse:
        """What is asked is ours to say: no parameter of the visitor's address goes along."""
        state = get_random_string(32)
        is_known = process in (AuthProcess.LOGIN, AuthProcess.CONNECT, CONFIRM)
        again = {"prompt": "login", "max_age": "0"} if process == CONFIRM else {}
        response: HttpResponse = super().redirect(
            request,
            process if is_known else AuthProcess.LOGIN,
            next_url,
            data,
            state_id=state,
            scope=self.app.settings["scope"],
            auth_params={"nonce": nonce_of(state), **again},
        )
        return response

    def extract_uid(self, data: Claims) -> str:
        return subject_of(data)

    def extract_common_fields(self, data: Claims) -> dict[str, Any]:
        return {"email": _address(data), "name": name_of(data)}

    def extract_email_addresses(self, data: Claims) -> list[EmailAddress]:
        vouches = self.app.settings["vouches_for_addresses"]
        is_verified = has_verified_address(data, vouches=vouches)
        email = _address(data)
        return [EmailAddress(email=email, verified=is_verified, primary=True)] if email else []

    def extract_extra_data(self, data: Claims) -> dict[str, Any]:
        """Of all that is answered, what the site shows."""
        return {"email": _address(data), "name": name_of(data)}


def nonce_of(state: str) -> str:
    """Bound to the state, which the session of this browser holds and which serves once."""
    return salted_hmac("accounts.oidc.nonce", state).hexdigest()


def name_of(claims: Claims) -> str:
    whole = [claims.get("name")]
    parts = [claims.get("given_name"), claims.get("usual_name") or claims.get("family_name")]
    words = [text for text in (whole if whole[0] else parts) if isinstance(text, str)]
    return clean(" ".join(words)).strip()[:150]


def _address(claims: Claims) -> str:
    email = claims.get("email")
    return folded_address(email) if isinstance(email, str) else ""


def _get(url: str, access_token: str = "") -> requests.Response:
    headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
    with get_adapter().get_requests_session() as session:
        answer: requests.Response = session.get(url, headers=headers, allow_redirects=False)
    if answer.status_code != requests.codes.ok:
        raise ProviderError(TokenRefusal.ANSWER, f"{url} answered {answer.status_code}")
    return answer


def _json(answer: requests.Response) -> dict[str, Any]:
    """Raises RequestException where it is no JSON."""
    found = answer.json()
    if not isinstance(found, dict):
        raise ProviderError(TokenRefusal.ANSWER, f"{answer.url} is no object")
    return found
