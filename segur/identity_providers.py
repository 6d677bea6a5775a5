"""The OpenID Connect providers of the site, read from the environment (ADR 0040).

`OIDC_PROVIDERS=proconnect,isc,exemple` names them; each has its variables `OIDC_<NAME>_…`.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

NAME = re.compile(r"[a-z][a-z0-9]{0,29}")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
KNOWN: dict[str, dict[str, Any]] = {
    "proconnect": {
        "label": "ProConnect",
        "scope": ["openid", "given_name", "usual_name", "email", "siret"],
        # Answers userinfo as a signed JWT, and sends no `email_verified`: the identity provider of
        # an agent is chosen by the domain of the address.
        "signed_userinfo": True,
        "vouches_for_addresses": True,
    },
    "isc": {"label": "Industriels Santé Connect"},
}
"""What the provider of this name needs without any variable saying so."""


def read(env: Env) -> list[dict[str, Any]]:
    """One entry of allauth's `APPS` for each provider. Raises ImproperlyConfigured with all that is
    missing or wrong at once.
    """
    names = env.list("OIDC_PROVIDERS", default=[])
    wrong = [f"OIDC_PROVIDERS: {name!r}" for name in names if not NAME.fullmatch(name)]
    apps = [] if wrong else [_app(env, name, wrong) for name in names]
    if wrong:
        raise ImproperlyConfigured(f"OpenID Connect: missing or wrong: {', '.join(wrong)}.")
    return apps


def origins(apps: list[dict[str, Any]]) -> list[str]:
    """Where a form of the site may lead: its answer redirects the browser to the provider."""
    found = {origin for app in apps for origin in app["settings"]["origins"]}
    return sorted(found)


def _app(env: Env, name: str, wrong: list[str]) -> dict[str, Any]:
    known, prefix = KNOWN.get(name, {}), f"OIDC_{name.upper()}_"
    issuer = env.str(f"{prefix}ISSUER", "").rstrip("/")
    client, secret = env.str(f"{prefix}CLIENT_ID", ""), _secret(env, prefix)
    if not is_safe(issuer):
        wrong.append(f"{prefix}ISSUER (https://…)")
    if not client:
        wrong.append(f"{prefix}CLIENT_ID")
    if not secret:
        wrong.append(f"{prefix}CLIENT_SECRET or {prefix}CLIENT_SECRET_FILE")
    parts = urlsplit(issuer)
    more = env.list(f"{prefix}ORIGINS", default=[])
    return {
        "provider_id": name,
        "name": env.str(f"{prefix}NAME", known.get("label", name.capitalize())),
        "client_id": client,
        "secret": secret,
        "settings": {
            "server_url": issuer,
            "scope": env.list(f"{prefix}SCOPE", default=known.get("scope", _SCOPE)),
            "signed_userinfo": known.get("signed_userinfo", False),
            "vouches_for_addresses": env.bool(
                f"{prefix}VOUCHES_FOR_ADDRESSES", known.get("vouches_for_addresses", False)
            ),
            # OpenID Connect Core §2: `auth_time` is required where `max_age` was asked for.
            "gives_auth_time": env.bool(f"{prefix}GIVES_AUTH_TIME", True),
            "origins": [f"{parts.scheme}://{parts.netloc}", *more],
        },
    }


_SCOPE = ["openid", "profile", "email"]


def _secret(env: Env, prefix: str) -> str:
    if path := env.str(f"{prefix}CLIENT_SECRET_FILE", ""):
        return Path(path).read_text().strip()
    return str(env.str(f"{prefix}CLIENT_SECRET", ""))


def is_safe(url: str) -> bool:
    """HTTPS; plain HTTP only on this machine, where tests and the demonstration run."""
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or is_here)
