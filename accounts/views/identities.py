"""Entering by a provider of OpenID Connect, and the identities attached to an account."""

from typing import Any, cast

from allauth.account.views import BaseReauthenticateView
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.views import ConnectionsView, SignupView
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from requests import RequestException

from accounts.models import User
from accounts.services.oidc.identities import name_of_provider, providers_of
from accounts.services.oidc.provider import Adapter, Provider


class Identities(ConnectionsView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        accounts = context["form"].accounts.order_by("pk")
        context["identities"] = [
            (one, name_of_provider(one.provider), one.extra_data.get("email", ""))
            for one in accounts
        ]
        return context


index = Identities.as_view()
sign_up = never_cache(SignupView.as_view())


class Confirmation(BaseReauthenticateView):
    """By the provider of an attached identity; the buttons lead to `begin`."""

    form_class = Form
    template_name = "socialaccount/confirm.html"
    http_method_names = ("get", "head")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = providers_of(cast("User", self.request.user))
        return {
            **super().get_context_data(**kwargs),
            "providers": [_provider(self.request, name) for name in names],
        }


confirm = never_cache(Confirmation.as_view())


@login_not_required
@never_cache
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leads to the provider, from the button of a page of this site alone (POST)."""
    provider = _provider(request, provider_id)
    if request.method != "POST":
        return redirect("account_login")
    try:
        response: HttpResponse = OAuth2LoginView.adapter_view(Adapter(request, provider_id))(
            request
        )
    except (OAuth2Error, RequestException) as error:
        response = render_authentication_error(request, provider, exception=error)
    return response


@login_not_required
@never_cache
def end(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider leads the browser back here."""
    _provider(request, provider_id)
    view = OAuth2CallbackView.adapter_view(Adapter(request, provider_id))
    response: HttpResponse = view(request)
    return response


def _provider(request: HttpRequest, provider_id: str) -> Provider:
    """Raises Http404 for a provider that is not configured."""
    try:
        return Adapter(request, provider_id).get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
