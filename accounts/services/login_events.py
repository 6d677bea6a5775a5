"""What happens beside a login, a refusal and a change of factor or password: receivers of signals
of Django and allauth."""

from typing import Any, cast

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.middleware import second_factor, sessions
from accounts.models import User
from accounts.services import security_log
from segur.reauthentication import LOGGED_IN_AT


@receiver(user_logged_in)
def begin_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    now = timezone.now()
    request.session[LOGGED_IN_AT] = request.session[sessions.SEEN_AT] = now.isoformat()
    second_factor.is_checked(request.session, user, now=now)


@receiver(authenticator_added)
def factor_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        security_log.record(user, "codes", request=request)
        return
    security_log.record_factor(
        "factor_added", request=request, authenticator=authenticator, user=user
    )


@receiver(authenticator_reset)
def codes_made(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    security_log.record(user, "codes", request=request)


@receiver(authenticator_removed)
def factor_removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Whether the person may go on without it is asked again."""
    request.session.pop(second_factor.SESSION_KEY, None)
    security_log.record_factor(
        "factor_removed", request=request, authenticator=authenticator, user=user
    )


@receiver(authentication_failed)
def code_refused(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    security_log.record_refusal(user, "code_refused", request=request)


@receiver(social_account_added)
def identity_attached(
    sender: Any, request: HttpRequest, sociallogin: SocialLogin, **kwargs: Any
) -> None:
    user = cast("User", sociallogin.user)
    name = sociallogin.provider.name
    security_log.record(user, "identity_added", request=request, more=name)


@receiver([password_changed, password_set, password_reset])
def password_replaced(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    security_log.record(user, "password", request=request)
