"""What a person changes of themselves, besides the address and the password (django-allauth); the
closing of an account."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import Theme
from accounts.models import User
from journal.enums import Readers
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import write


def profile_update(*, full_name: str, theme: Theme, by: By) -> None:
    actor = by.actor
    actor.full_name = full_name
    actor.theme = theme
    actor.save(update_fields=["full_name", "theme"])


def theme_choose(*, theme: Theme, by: By) -> None:
    actor = by.actor
    actor.theme = theme
    actor.save(update_fields=["theme"])


def account_close(*, user: User, reason: str, by: By) -> None:
    """The sessions of the person end with their next request."""
    _set_active(user, is_active=False, act="close", reason=reason, by=by)


def account_open(*, user: User, reason: str, by: By) -> None:
    _set_active(user, is_active=True, act="open", reason=reason, by=by)


@transaction.atomic
def _set_active(user: User, *, is_active: bool, act: str, reason: str, by: By) -> None:
    """Raises ValidationError without a reason, and where nothing changes."""
    words = "rouvert" if is_active else "fermé"
    if not reason.strip():
        raise ValidationError({"reason": "Indiquez le motif."})
    locked = lock_row(user)
    if locked.is_active == is_active:
        raise ValidationError(f"Ce compte est déjà {'ouvert' if is_active else 'fermé'}.")
    locked.is_active = is_active
    locked.save(update_fields=["is_active"])
    write(
        locked,
        f"account.{act}",
        by=by,
        what=f"Compte {words}",
        note=reason.strip(),
        label=f"Compte n° {locked.pk}",
        readers=Readers.ANS,
    )
