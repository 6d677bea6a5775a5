"""A lost second factor: another Mandataire, or a responsable of the ANS, has it removed.

Whoever stole a password would ask for exactly this: the delay and the mails leave the person time
to cancel, and nobody asks for themselves.
"""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.enums import LEADING_ROLES, ResetState
from accounts.models import FactorReset, Membership, User
from accounts.permissions import can_manage_members
from accounts.rules.factor_resets import RESET, ResetParty
from accounts.rules.parameters import RESET_HOURS
from accounts.selectors.second_factor import factors_of
from journal.rules.by import By
from journal.rules.workflow import Act
from journal.services.acts import Aggregate, lock_row
from mailing.rules import ACCOUNT_MAIL
from mailing.services.links import absolute
from mailing.services.mail import tell
from parameters.selectors import value
from segur.lib import paris

NOT_ONESELF = (
    "Un autre Mandataire de votre organisation, ou un Responsable de l'ANS, le demande pour vous."
)


def _may(by: By, row: FactorReset, who: ResetParty) -> bool:
    if who is ResetParty.CLOCK:
        return by.user is None and by.key is None
    is_own = by.user is not None and by.user.pk == row.user_id
    return is_own or (by.user is not None and can_manage_members(by.user, row.organisation_id))


def _impossible(row: FactorReset, _act: Act[ResetState]) -> str:
    return f"Cette réinitialisation est déjà {row.get_state_display().lower()}."


LAPSED = (
    "La personne qui l'a demandée n'en a plus le droit, et le site a abandonné la réinitialisation"
)
ANS_ONLY = "Cette personne est de l'ANS : un Responsable de l'ANS le demande pour elle."

RESETS: Aggregate[FactorReset] = Aggregate(
    RESET,
    rows=lambda: FactorReset.objects.select_related("user", "organisation"),
    may=_may,
    impossible=_impossible,
)


@transaction.atomic
def factor_reset_ask(*, membership: Membership, reason: str, by: By) -> FactorReset:
    """Raises ValidationError for oneself, for somebody of the ANS by a Mandataire of another
    organisation of theirs, without a factor, and while one waits already."""
    user = lock_row(membership.user)
    if user.pk == by.actor.pk:
        raise ValidationError(NOT_ONESELF)
    if user.is_ans and not by.actor.is_responsable:
        raise ValidationError(ANS_ONLY)
    if not factors_of(user).exists():
        raise ValidationError("Cette personne n'a pas de double authentification.")
    if user.factor_resets.filter(state=ResetState.WAITING).exists():
        raise ValidationError("Une réinitialisation est déjà demandée pour cette personne.")
    row = FactorReset.objects.create(
        user=user,
        organisation=membership.organisation,
        asked_by=by.actor,
        asked_at=by.at,
        due_at=by.at + dt.timedelta(hours=int(value(RESET_HOURS, at=by.at))),
        reason=reason,
    )
    what = f"Réinitialisation demandée, effet le {paris.minute(row.due_at)}"
    RESETS.journal(row, "ask", by=by, what=what, note=reason)
    _tell(row, f"{by.name} a demandé la réinitialisation", by)
    return row


@transaction.atomic
def factor_reset_cancel(*, reset: FactorReset, by: By) -> FactorReset:
    row = RESETS.move(reset, "cancel", by=by)
    _tell(row, f"{by.name} a annulé la réinitialisation", by)
    return row


def factor_resets_finish(*, now: dt.datetime) -> int:
    """Removes the factors of those whose delay has run out, where who asked for it still could;
    returns how many were dealt with. A login with the password alone then leads to the activation
    page, where a factor is required."""
    due = FactorReset.objects.filter(state=ResetState.WAITING, due_at__lte=now)
    rows = list(due.order_by("pk"))
    for row in rows:
        _finish(row, By.clock(now))
    return len(rows)


@transaction.atomic
def _finish(reset: FactorReset, by: By) -> None:
    if not _may_ask(reset.asked_by, reset.user, reset.organisation_id):
        row = RESETS.move(reset, "lapse", by=by)
        _tell(row, LAPSED, by)
        return
    row = RESETS.move(reset, "finish", by=by)
    Authenticator.objects.filter(user_id=row.user_id).delete()
    _tell(row, "Le délai est passé, et le site a fait la réinitialisation", by)


def _may_ask(asker: User | None, user: User, organisation: int) -> bool:
    """A Mandataire who has left, or whose colleague joined the ANS meanwhile, no longer may."""
    if asker is None or not asker.is_active or not can_manage_members(asker, organisation):
        return False
    return asker.is_responsable or not user.is_ans


def _tell(row: FactorReset, sentence: str, by: By) -> None:
    """The person, and whoever leads an organisation of theirs."""
    theirs = Membership.objects.filter(user=row.user_id).values("organisation")
    leaders = Membership.objects.filter(organisation__in=theirs, role__in=LEADING_ROLES)
    concerned = [row.user_id, *leaders.values_list("user", flat=True)]
    people = User.objects.filter(is_active=True, pk__in=concerned)
    context = {
        "reset": row,
        "sentence": sentence,
        "is_waiting": row.state == ResetState.WAITING,
        "button_url": absolute(reverse("accounts:factor_reset", args=[row.pk])),
        "button_label": "Voir la demande",
    }
    tell(
        people.order_by("pk"),
        kind=ACCOUNT_MAIL,
        template="factor_reset",
        context=context,
        key=f"second-facteur:{row.pk}:{row.state}",
        by=by,
    )
