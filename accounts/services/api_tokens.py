"""Keys of the API: made, shown once, used, revoked. The clear key is never stored nor logged."""

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.enums import Kind
from accounts.models import ApiToken, Organisation
from accounts.rules.tokens import digest
from journal.rules.by import By
from journal.services.entries import write
from journal.services.locking import lock_row

PREFIX = "segur_"
SECRET_BYTES = 40
"""320 bits: what `start` shows leaves more than 256 unknown."""
START = 12
LONGEST = 100
MAX_USABLE = 20
USE_NOTED_EVERY = dt.timedelta(minutes=1)


@transaction.atomic
def api_token_create(*, organisation: Organisation, name: str, by: By) -> tuple[ApiToken, str]:
    """The row and the clear key, which nobody can read again.

    A name serves one usable key: an answer sent twice makes one key, not two.
    """
    locked = lock_row(organisation)
    _check(locked, name)
    key = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row = ApiToken.objects.create(
        organisation=locked,
        name=name,
        start=key[:START],
        token_sha256=digest(key),
        created_by=by.actor,
        created_by_name=by.name,
        created_at=by.at,
    )
    write(row, "key.create", by=by, what=f"Clé d'API « {name} » créée")
    return row, key


def _check(organisation: Organisation, name: str) -> None:
    if organisation.kind == Kind.CLIENT or not organisation.is_active:
        raise ValidationError("Cette organisation ne peut pas avoir de clé d'API.")
    usable = organisation.api_tokens.filter(revoked_at=None)
    if usable.filter(name__iexact=name).exists():
        raise ValidationError(
            {"name": f"Une clé active s'appelle déjà « {name} » : retirez-la, ou changez de nom."}
        )
    if usable.count() >= MAX_USABLE:
        raise ValidationError(f"{MAX_USABLE} clés sont actives : retirez d'abord celles de trop.")


@transaction.atomic
def api_token_revoke(*, token: ApiToken, by: By) -> ApiToken:
    """At once and for ever. A second time changes nothing: the first person stays named."""
    locked = lock_row(token)
    if locked.revoked_at is None:
        locked.revoked_at, locked.revoked_by = by.at, by.actor
        locked.save(update_fields=["revoked_at", "revoked_by"])
        write(locked, "key.revoke", by=by, what=f"Clé d'API « {locked} » retirée")
    return locked


def authenticate(key: str, now: dt.datetime) -> ApiToken | None:
    """The key's row with its organisation; None for an unknown or revoked key.

    The lookup is by digest, so its time tells nothing of the key. The use is noted at most once a
    minute, by a conditional update: calls at the same instant write once.
    """
    if not (key.startswith(PREFIX) and key.isascii() and len(key) <= LONGEST):
        return None
    found = ApiToken.objects.usable(key).select_related("organisation").first()
    if found is not None:
        _note_use(found, now)
    return found


def _note_use(token: ApiToken, now: dt.datetime) -> None:
    before = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at <= before:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=before)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
