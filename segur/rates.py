"""How often one caller may ask, counted by minute in the cache that all processes share."""

import datetime as dt

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def is_within(caller: str, *, per_minute: int, now: dt.datetime) -> bool:
    """Whether this call is still one of those of the minute. A bound, not a meter: two at the same
    instant may count once.
    """
    name = f"rate:{caller}:{now:%Y%m%d%H%M}"
    count: int = cache.get(name, 0) + 1
    cache.set(name, count, timeout=120)
    return count <= per_minute


def address_of(request: HttpRequest) -> str:
    """Where a visitor calls from, behind our proxies; not to be read back from the cache."""
    return salted_hmac("segur.rates", get_adapter().get_client_ip(request)).hexdigest()
