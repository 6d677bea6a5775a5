"""What a person asks for: the preferences page, and unsubscribing in one click (RFC 8058)."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from calendar_app.models import Dispositif, ReminderPreference
from calendar_app.rules.steps import DEFAULT_STEPS
from journal.services.acts import lock_rows
from mailing.rules import MailKind, optional_kinds


@transaction.atomic
def preference_save(
    *,
    actor: User,
    dispositif: Dispositif | None,
    steps: list[int],
    early: bool,
    muted_kinds: list[str],
    paused_until: dt.date | None,
    quiet: bool = False,
) -> ReminderPreference:
    """What `actor` wants for everything, or (with a dispositif) for this one, which then wins."""
    wanted = [step for step in DEFAULT_STEPS if step in steps]
    muted = [str(kind) for kind in optional_kinds() if kind in muted_kinds]
    preference, _ = ReminderPreference.objects.update_or_create(
        user=actor,
        dispositif=dispositif,
        defaults={
            "steps": wanted,
            "early": early,
            "muted_kinds": muted,
            "paused_until": paused_until,
            "quiet": quiet,
        },
    )
    return preference


@transaction.atomic
def preference_clear(*, actor: User, dispositif: Dispositif) -> None:
    """Back to the general preference for this dispositif."""
    ReminderPreference.objects.filter(user=actor, dispositif=dispositif).delete()


@transaction.atomic
def set_muted(*, user: User, kind: MailKind, muted: bool) -> None:
    """Refuse an optional kind of mail everywhere, or ask for it again. Repeating changes nothing.

    Every preference of the person is changed, those of a dispositif included: a mail refused in
    one click does not come back by another door. Raises ValueError for a kind that is not optional.
    """
    if not kind.is_optional:
        raise ValueError(f"{kind} cannot be switched off")
    ReminderPreference.objects.get_or_create(
        user=user, dispositif=None, defaults={"steps": list(DEFAULT_STEPS)}
    )
    for preference in lock_rows(ReminderPreference.objects.filter(user=user)):
        others = [value for value in preference.muted_kinds if value != kind]
        preference.muted_kinds = [*others, str(kind)] if muted else others
        preference.save(update_fields=["muted_kinds", "updated_at"])
