"""How often one caller may ask, counted by minute in the cache that all processes share. While
Redis does not answer, everybody passes (`segur.cache`).
"""

import datetime as dt

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

MINUTE = 60


def is_within(
    caller: str, *, per_minute: int, now: dt.datetime, counts: BaseCache | None = None
) -> bool:
    """Whether this call is still one of those of the minute. A bound, not a meter: the first two,
    at the same instant, may count once. `counts`: another cache than the shared one.
    """
    name = f"rate:{caller}:{now:%Y%m%d%H%M}"
    counts = cache if counts is None else counts
    try:
        count: int = counts.incr(name)
    except ValueError:  # the first of this minute
        counts.set(name, 1, timeout=2 * MINUTE)
        count = 1
    return count <= per_minute


def seconds_left(now: dt.datetime) -> int:
    """For `Retry-After`: until the next minute."""
    return MINUTE - now.second


def address_of(request: HttpRequest) -> str:
    """Where a visitor calls from, behind our proxies; not to be read back from the cache."""
    return salted_hmac("segur.rates", get_adapter().get_client_ip(request)).hexdigest()
