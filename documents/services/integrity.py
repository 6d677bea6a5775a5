"""A sealed document is given only as it was sealed."""

from __future__ import annotations

import hashlib
import logging

log = logging.getLogger(__name__)


class AlteredError(Exception):
    """A sealed document no longer has the digest of its sealing: `str` is its number."""


def check_seal(content: bytes, *, sha256: str, number: str) -> None:
    """Raises AlteredError, and logs it, unless the bytes are those that were hashed."""
    if hashlib.sha256(content).hexdigest() != sha256:
        log.error("%s does not have its digest any more: it was changed in the database", number)
        raise AlteredError(number)
