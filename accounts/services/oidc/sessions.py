"""A session that a provider opened ends there too (OpenID Connect RP-Initiated Logout)."""

from typing import Any

from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import urlencode

from segur.identity_providers import is_safe

KEY = "oidc"


def remember(request: HttpRequest, signal_kwargs: dict[str, Any] | None) -> None:
    """After a login by a provider: what its logout will ask for. Kept with the session only."""
    login: SocialLogin | None = (signal_kwargs or {}).get("sociallogin")
    if login and (proof := login.state.get("proof")):
        kept = {name: proof[name] for name in ("id_token", "end")}
        request.session[KEY] = {**kept, "client_id": login.provider.app.client_id}


def end_url(request: HttpRequest) -> str:
    """Where the provider ends its session and comes back from; nothing without one."""
    opened: dict[str, Any] = request.session.get(KEY) or {}
    end = opened.get("end")
    if not (isinstance(end, str) and is_safe(end)):
        return ""
    query = {
        "id_token_hint": opened["id_token"],
        "client_id": opened["client_id"],
        "post_logout_redirect_uri": f"{settings.SITE_URL}{reverse('home')}",
        "state": get_random_string(32),
    }
    return f"{end}{'&' if '?' in end else '?'}{urlencode(query)}"
