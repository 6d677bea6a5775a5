"""The identities of providers that open an account."""

from allauth.account import app_settings
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import (
    raise_if_reauthentication_required,
    resume_request,
)
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.rules.id_tokens import LEEWAY, TokenRefusal
from accounts.services import security_log
from accounts.services.oidc.provider import ProviderError


def identity_confirm(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """Whoever is logged in has proved again that it is them: back to what they were doing. Raises
    ProviderError for another person, and for a proof that the provider kept from before or does not
    date.
    """
    if not request.user.is_authenticated or sociallogin.user != request.user:
        raise ProviderError(TokenRefusal.OTHER_PERSON)
    proof = sociallogin.state["proof"]
    when = proof["auth_time"]
    if isinstance(when, int | float):
        is_old = _age(when) > app_settings.REAUTHENTICATION_TIMEOUT
    else:
        is_old = proof["is_dated"]
    if is_old:
        raise ProviderError(TokenRefusal.OTHER_PERSON, "proved too long ago")
    record_authentication(
        request,
        request.user,
        "socialaccount",
        provider=sociallogin.account.provider,
        uid=sociallogin.account.uid,
        reauthenticated=True,
    )
    wanted = sociallogin.get_redirect_url(request) or reverse("accounts:profile")
    return resume_request(request) or HttpResponseRedirect(wanted)


def _age(when: float) -> float:
    return timezone.now().timestamp() - when - LEEWAY


def providers_of(user: User) -> list[str]:
    """The configured providers at which this person can prove who they are."""
    configured = [app["provider_id"] for app in settings.OIDC_APPS]
    if not configured:
        return []
    rows = SocialAccount.objects.filter(user=user, provider__in=configured)
    return list(rows.order_by("provider").values_list("provider", flat=True).distinct())


def identity_detach(request: HttpRequest, account: SocialAccount) -> None:
    """Raises ReauthenticationRequired, which leads through the password and back."""
    raise_if_reauthentication_required(request, app="allauth.socialaccount")
    name = name_of_provider(account.provider)
    account.delete()
    security_log.record(account.user, "identity_removed", request=request, more=name)
    messages.info(request, "L'identité n'ouvre plus ce compte.")
    get_adapter().send_notification_mail(
        "socialaccount/email/account_disconnected",
        request.user,
        context={"provider": name},
    )


def name_of_provider(provider_id: str) -> str:
    """The identifier itself for a provider that is no longer configured."""
    names: dict[str, str] = {app["provider_id"]: app["name"] for app in settings.OIDC_APPS}
    return names.get(provider_id, provider_id)
