"""How many failed passwords are accepted, counted in the cache that all processes share.

An attempt is counted before its password is checked and taken back when it was right: attempts sent
all at once are bounded too, and people who log in cost each other nothing.
"""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.selectors.second_factor import factors_of
from accounts.services import devices
from segur.rates import address_of

WINDOW_SECONDS = 300
SAME_PLACE = 5
"""On one account, from one address or known device."""
ACCOUNT = 20
"""On one account, from anywhere: it slows, and shuts out nobody with a second factor or a known
device."""
ADDRESS = 50
"""From one address, on whatever account: an office has one address."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """`stopped`: the account on which attempts have just reached a limit, once a window."""

    keys: tuple[str, ...]
    is_accepted: bool
    stopped: User | None = None

    def take_back(self) -> None:
        for key in self.keys:
            if cache.get(key, 0) > 0:
                cache.decr(key)


def attempt(request: HttpRequest, email: str) -> Attempt:
    """Counts one more; not accepted beyond a limit. A refused one is not counted: an attacker who
    goes on does not lengthen the wait."""
    user = User.objects.filter(email__iexact=email).first()
    address = address_of(request)
    is_known = user is not None and devices.is_known(request, user)
    place = "known" if is_known else address
    is_open = is_known or (user is not None and factors_of(user).exists())
    limits = {
        _key("place", email, place): SAME_PLACE,
        _key("address", address): ADDRESS,
        **({} if is_open else {_key("account", email): ACCOUNT}),
    }
    if any(cache.get(key, 0) >= limit for key, limit in limits.items()):
        is_first = user and cache.add(_key("stopped", email), 1, timeout=WINDOW_SECONDS)
        return Attempt((), is_accepted=False, stopped=user if is_first else None)
    for key in limits:
        if not cache.add(key, 1, timeout=WINDOW_SECONDS):
            cache.incr(key)
    return Attempt(tuple(limits), is_accepted=True)


def forget(request: HttpRequest, email: str) -> None:
    """After a new password: what failed before it no longer counts."""
    places = ("known", address_of(request))
    cache.delete_many([_key("account", email), *(_key("place", email, one) for one in places)])


def _key(*parts: str) -> str:
    folded = "\n".join(part.lower() for part in parts)
    return f"login:{salted_hmac('accounts.login', folded).hexdigest()}"
