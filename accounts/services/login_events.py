"""What happens beside a login, a logout and a change of factors: receivers of signals of Django and
allauth, which call nothing else."""

from typing import Any

from allauth.mfa.signals import authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.middleware import second_factor, sessions
from accounts.models import User
from segur.reauthentication import LOGGED_IN_AT


@receiver(user_logged_in)
def begin_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    now = timezone.now()
    request.session[LOGGED_IN_AT] = request.session[sessions.SEEN_AT] = now.isoformat()
    second_factor.is_checked(request.session, user, now=now)


@receiver(authenticator_removed)
def check_again(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session.pop(second_factor.SESSION_KEY, None)
