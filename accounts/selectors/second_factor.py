"""Who has a second factor, and who must have one."""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from accounts.enums import ResetState, Role
from accounts.models import FactorReset, User
from accounts.rules.parameters import (
    SECOND_FACTOR_ANS,
    SECOND_FACTOR_MANDATAIRE,
    SECOND_FACTOR_STAFF,
    SECOND_FACTORS,
)
from parameters.selectors import histories, value_in


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The application and the keys: recovery codes replace a factor, they are none."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )


def must_have_second_factor(user: User, *, now: dt.datetime) -> bool:
    """By the parameters in effect; asked in one query, and none for who is none of the three."""
    is_one_of = {
        SECOND_FACTOR_ANS: user.is_ans,
        SECOND_FACTOR_MANDATAIRE: Role.MANDATAIRE in user.roles.values(),
        SECOND_FACTOR_STAFF: user.is_staff,
    }
    if not any(is_one_of.values()):
        return False
    known = histories(SECOND_FACTORS)
    return any(is_one and value_in(known[key], key, now) for key, is_one in is_one_of.items())


def lacks_second_factor(user: User, *, now: dt.datetime) -> bool:
    return must_have_second_factor(user, now=now) and not factors_of(user).exists()


def waiting_reset(user: User) -> FactorReset | None:
    return FactorReset.objects.filter(user=user, state=ResetState.WAITING).first()
