"""The page of one's second factor; its forms are those of allauth.mfa."""

import ipaddress
from typing import Any, cast

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator

from accounts.middleware import MemberRequest
from accounts.selectors.second_factor import must_have_second_factor, waiting_reset


class IndexView(base.IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        request = cast("MemberRequest", self.request)
        held = context["authenticators"]
        codes = held.get(Authenticator.Type.RECOVERY_CODES)
        totp = held.get(Authenticator.Type.TOTP)
        return {
            **context,
            "totp": totp.instance if totp else None,
            "keys": [key.instance for key in held.get(Authenticator.Type.WEBAUTHN, [])],
            "codes": codes,
            "codes_left": len(codes.get_unused_codes()) if codes else 0,
            "is_required": must_have_second_factor(request.user, now=request.by.at),
            "reset": waiting_reset(request.user),
            "has_domain": has_domain(request.get_host()),
        }


def has_domain(host: str) -> bool:
    """Whether passkeys work there: WebAuthn takes a domain name or `localhost`, no IP address."""
    name = host.rsplit(":", 1)[0].strip("[]") if not host.endswith("]") else host.strip("[]")
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return True
    return False


index = IndexView.as_view()
