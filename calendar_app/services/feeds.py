"""The private agenda address of a person: made, replaced, revoked, recognised.

The address is `nonce.mac`. The row keeps the nonce only; the mac is made from it with the site's
key, so that a stolen database opens no feed. An address made with a former key opens for as long as
SECRET_KEY_FALLBACKS has that key.
"""

import datetime as dt
import secrets

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from calendar_app.models import FeedAddress
from journal.rules.by import By

SALT = "calendar_app.services.feeds"
READ_EVERY = dt.timedelta(minutes=15)


def token_of(address: FeedAddress) -> str:
    return f"{address.nonce}.{_mac(address.nonce)}"


def _mac(nonce: str, key: str | None = None) -> str:
    return salted_hmac(SALT, nonce, secret=key, algorithm="sha256").hexdigest()


def _is_ours(nonce: str, mac: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(mac, _mac(nonce, key)) for key in keys)


@transaction.atomic
def address_create(*, by: By) -> FeedAddress:
    """Give the person a new address; the one before, if any, opens nothing from now on."""
    address, _ = FeedAddress.objects.update_or_create(
        user=by.actor,
        defaults={
            "nonce": secrets.token_urlsafe(32),
            "created_at": by.at,
            "last_read_at": None,
        },
    )
    return address


def address_revoke(*, actor: User) -> bool:
    """Delete the person's address. False when there was none."""
    deleted, _ = FeedAddress.objects.filter(user=actor).delete()
    return bool(deleted)


def address_open(token: str, *, now: dt.datetime) -> FeedAddress | None:
    """The address that this token opens, or None: unknown, revoked, forged, account closed.

    Only what this site has signed reaches the database: a forged address costs no query, whatever
    is in it. What must not leak through timing is the mac.
    """
    nonce, _, mac = token.partition(".")
    if not _is_ours(nonce, mac):
        return None
    addresses = FeedAddress.objects.select_related("user").filter(user__is_active=True)
    address = addresses.filter(nonce=nonce).first()
    if address is None:
        return None
    if address.last_read_at is None or now - address.last_read_at >= READ_EVERY:
        FeedAddress.objects.filter(pk=address.pk).update(last_read_at=now)
    return address
