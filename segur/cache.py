"""Redis as a cache that may fail: the site works without what it holds.

Rate limits are counted there. While Redis is away they let everybody pass, with a warning a minute,
rather than nobody: logins, resets and keys of the API have their own secrets.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

SECONDS = 1.0
"""A page waits no longer for a Redis that does not answer."""
WARN_EVERY = 60.0


class OptionalRedisCache(RedisCache):
    """As if empty, and keeping nothing, while Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        patience = {"socket_connect_timeout": SECONDS, "socket_timeout": SECONDS}
        once = {"retry": Retry(NoBackoff(), 0)}
        super().__init__(
            server, {**params, "OPTIONS": {**patience, **once, **params.get("OPTIONS", {})}}
        )
        self._warned_at = -WARN_EVERY

    def _ask(self, ask: Callable[..., Any], *arguments: Any, default: Any) -> Any:
        try:
            return ask(*arguments)
        except (RedisError, OSError) as error:
            if time.monotonic() - self._warned_at >= WARN_EVERY:
                self._warned_at = time.monotonic()
                log.warning("Redis does not answer, rate limits let all pass: %s", error)
            return default

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> Any:
        return self._ask(super().add, key, value, timeout, version, default=True)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(super().get, key, default, version, default=default)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask(super().set, key, value, timeout, version, default=None)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        return self._ask(super().touch, key, timeout, version, default=False)

    def delete(self, key: Any, version: int | None = None) -> Any:
        return self._ask(super().delete, key, version, default=False)

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self._ask(super().get_many, list(keys), version, default={})

    def has_key(self, key: Any, version: int | None = None) -> Any:
        return self._ask(super().has_key, key, version, default=False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._ask(super().incr, key, delta, version, default=delta)

    def set_many(
        self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> Any:
        return self._ask(super().set_many, data, timeout, version, default=list(data))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._ask(super().delete_many, list(keys), version, default=None)
