"""Addresses whose path is a key (a feed, an invitation, a password), as they may be logged.

One list for every log of the site. `deploy/nginx.conf` repeats it for the proxy; a test compares
both with the URL patterns that take a token or a key.
"""

import logging
import re
from typing import Any

from segur.lib.hidden import hide_addresses

PREFIXES = (
    "calendriers/prive/",
    "invitation/",
    "rappels/desabonnement/",
    "compte/password/reset/key/",
    "compte/confirm-email/",
)

_SLASH = "(?:/|%2F)"
_SECRET = re.compile(
    rf"(?:(?<![\w-])|(?<=%2F))({'|'.join(prefix.replace('/', _SLASH) for prefix in PREFIXES)})"
    r"[^/\s\"'<>&?#%]+(?:%(?!2F)[0-9A-F]{2}[^/\s\"'<>&?#%]*)*",
    re.IGNORECASE,
)


def hide(text: str) -> str:
    """The same text, an ellipsis in place of each key. Encoded slashes («%2F») count as slashes."""
    return _SECRET.sub(r"\1…", text)


def hide_in_line(_logger: Any, _method: str, line: str) -> str:
    """The last processor of structlog: the whole line, traceback and context included, without keys
    nor addresses of people, which a mail server or an exception may quote."""
    return hide_addresses(hide(line))


class HidingFormatter(logging.Formatter):
    """For the handlers that other libraries make: what they would write, without the keys."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        return hide_addresses(hide(self._formatter.format(record)))
