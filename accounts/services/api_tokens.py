"""Keys of the API: made, shown once, used, taken over, revoked. The clear key is never stored nor
logged."""

import datetime as dt
import secrets
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from accounts.enums import Kind, Role
from accounts.models import ApiToken, Membership, Organisation
from accounts.permissions import can_manage_api_tokens, is_responsable
from accounts.rules.tokens import digest
from accounts.rules.workflows import KEY, AccessParty
from api.enums import ALONE, Scope
from journal.rules.by import By
from journal.services.acts import Aggregate, lock_row
from journal.services.entries import write
from segur.lib import paris

PREFIX = "segur_"
SECRET_BYTES = 40
"""320 bits: what `start` shows leaves more than 256 unknown."""
START = 12
LONGEST = 100
MAX_USABLE = 20
LONGEST_LIFE = dt.timedelta(days=2 * 366)
USE_NOTED_EVERY = dt.timedelta(minutes=1)


def _may(by: By, row: ApiToken, who: AccessParty) -> bool:
    """Whoever removes a member, and that member, end the keys that the member answered for."""
    leads = can_manage_api_tokens(by.actor, row.organisation_id)
    if who is AccessParty.LEADS:
        return leads
    return leads or is_responsable(by.actor) or by.actor.pk == row.held_by_id


KEYS: Aggregate[ApiToken] = Aggregate(
    KEY,
    rows=ApiToken.objects.all,
    may=_may,
    impossible=lambda _row, _act: "Cette clé n'est plus active.",
)


@transaction.atomic
def api_token_create(
    *,
    organisation: Organisation,
    name: str,
    scopes: Collection[Scope],
    ends_on: dt.date,
    by: By,
    signs: bool = False,
) -> tuple[ApiToken, str]:
    """The row and the clear key, which nobody can read again. `ends_on` is its last day.

    A name serves one usable key: an answer sent twice makes one key, not two.
    """
    locked = lock_row(organisation)
    today = paris.day(by.at)
    _check(locked, name, today)
    _check_rights(locked, scopes, ends_on, today)
    key = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row = ApiToken.objects.create(
        organisation=locked,
        name=name,
        start=key[:START],
        token_sha256=digest(key),
        created_by=by.actor,
        created_by_name=by.name,
        created_at=by.at,
        held_by=by.actor,
        scopes=[scope for scope in Scope if scope in scopes],
        ends_on=ends_on,
        signs=signs,
    )
    rights = {"scopes": row.scopes, "ends_on": ends_on.isoformat(), "signs": signs}
    write(row, "key.create", by=by, what=f"Clé d'API « {name} » créée", after=rights)
    return row, key


def _check(organisation: Organisation, name: str, today: dt.date) -> None:
    if organisation.kind == Kind.CLIENT or not organisation.is_active:
        raise ValidationError("Cette organisation ne peut pas avoir de clé d'API.")
    usable = organisation.api_tokens.active(today)
    if usable.filter(name__iexact=name).exists():
        raise ValidationError(
            {"name": f"Une clé active s'appelle déjà « {name} » : retirez-la, ou changez de nom."}
        )
    if usable.count() >= MAX_USABLE:
        raise ValidationError(f"{MAX_USABLE} clés sont actives : retirez d'abord celles de trop.")


def _check_rights(
    organisation: Organisation, scopes: Collection[Scope], ends_on: dt.date, today: dt.date
) -> None:
    found = {}
    if not scopes:
        found["scopes"] = "Choisissez ce que la clé peut faire."
    if len(scopes) > 1 and (alone := [scope for scope in ALONE if scope in scopes]):
        found["scopes"] = f"« {alone[0].label} » ne se joint à rien d'autre : créez deux clés."
    if Scope.SUPERVISION in scopes and organisation.kind != Kind.ANS:
        found["scopes"] = "Seule une clé de l'ANS transmet les incidents de la supervision."
    if not today <= ends_on <= today + LONGEST_LIFE:
        found["ends_on"] = "Le dernier jour est dans les deux ans, aujourd'hui au plus tôt."
    if found:
        raise ValidationError(found)


@transaction.atomic
def api_token_revoke(*, token: ApiToken, by: By) -> ApiToken:
    """At once and for ever. A second time changes nothing: the first person stays named."""
    locked = KEYS.lock(token)
    if locked.revoked_at:
        return locked
    what = f"Clé d'API « {locked} » retirée"
    return KEYS.move(locked, "revoke", by=by, what=what, revoked_at=by.at, revoked_by=by.user)


@transaction.atomic
def api_token_take_over(*, token: ApiToken, by: By) -> ApiToken:
    """Whoever leads the organisation answers for the key from now on, and its acts have their
    role: it outlasts the departure of the one who made it."""
    locked = KEYS.lock(token)
    if locked.held_by_id == by.actor.pk:
        raise ValidationError("Vous répondez déjà de cette clé.")
    what = f"Clé d'API « {locked} » reprise par un nouveau répondant"
    holders = {"held_by": by.actor.pk, "held_by_before": locked.held_by_id}
    return KEYS.move(locked, "take", by=by, what=what, details=holders, held_by=by.actor)


def held_keys(membership: Membership, today: dt.date) -> Iterable[ApiToken]:
    """The keys that end with this membership."""
    return ApiToken.objects.active(today).filter(
        organisation=membership.organisation_id, held_by=membership.user_id
    )


def authenticate(key: str, address: str, now: dt.datetime) -> ApiToken | None:
    """The key's row with its organisation and its holder, who has one role: the one held there.
    None for an unknown, ended or revoked key, and where the holder has left.

    The lookup is by digest, so its duration reveals nothing of the key. The use is noted at most
    once a minute, by a conditional update: calls at the same instant write once.
    """
    if not (key.startswith(PREFIX) and key.isascii() and len(key) <= LONGEST):
        return None
    usable = ApiToken.objects.usable(key, paris.day(now))
    found = (
        usable.select_related("organisation", "held_by")
        .annotate(role=F("held_by__memberships__role"))
        .first()
    )
    if found is None or found.held_by is None:
        return None
    role = Role(found.role)  # type: ignore[attr-defined]  # annotated
    found.held_by.narrow(found.organisation_id, role)
    _note_use(found, address, now)
    return found


def _note_use(token: ApiToken, address: str, now: dt.datetime) -> None:
    before = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at <= before:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=before)
        ApiToken.objects.filter(stale, pk=token.pk).update(
            last_used_at=now, last_used_from=address or None
        )
