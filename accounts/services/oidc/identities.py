"""The identities of providers that open an account."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest


def identity_detach(request: HttpRequest, account: SocialAccount) -> None:
    """Raises ReauthenticationRequired, which leads through the password and back."""
    raise_if_reauthentication_required(request, app="allauth.socialaccount")
    account.delete()
    messages.info(request, "L'identité n'ouvre plus ce compte.")
    get_adapter().send_notification_mail(
        "socialaccount/email/account_disconnected",
        request.user,
        context={"provider": name_of_provider(account.provider)},
    )


def name_of_provider(provider_id: str) -> str:
    """The identifier itself for a provider that is no longer configured."""
    names: dict[str, str] = {app["provider_id"]: app["name"] for app in settings.OIDC_APPS}
    return names.get(provider_id, provider_id)
