"""Can this process serve now: each thing that it rests on is asked for, briefly."""

from __future__ import annotations

import logging
import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, connection
from kombu.exceptions import OperationalError as BrokerError

log = logging.getLogger(__name__)
BROKER_SECONDS = 2
CACHE_KEY = "sante"


class NotReadyError(Exception):
    """What a check found; the words are for an operator."""


def _database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        raise NotReadyError(type(error).__name__) from error


def _broker() -> None:
    if not settings.REDIS_URL:
        _writable(settings.BROKER_DIR, free=0)
        return
    link = current_app.connection_for_write(connect_timeout=BROKER_SECONDS)
    try:
        link.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except (BrokerError, OSError) as error:
        raise NotReadyError(type(error).__name__) from error
    finally:
        link.release()


def _cache() -> None:
    """Redis, or a table of the database."""
    written = uuid.uuid4().hex
    try:
        cache.set(CACHE_KEY, written, timeout=60)
        found = cache.get(CACHE_KEY)
    except (OSError, DatabaseError, InterfaceError) as error:
        raise NotReadyError(type(error).__name__) from error
    if not found:  # another process may have written since
        raise NotReadyError("nothing comes back")


def _proofs() -> None:
    if settings.FILES_S3_BUCKET:
        bucket: Any = default_storage
        try:
            bucket.reach()
        except OSError as error:
            raise NotReadyError(type(error).__name__) from error
        return
    _writable(settings.MEDIA_ROOT, free=settings.HEALTH_FREE_BYTES)


def _writable(folder: Path, *, free: int) -> None:
    """A file can be written there, and this many bytes are left."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
        left = shutil.disk_usage(folder).free
    except OSError as error:
        raise NotReadyError(error.strerror or type(error).__name__) from error
    if left < free:
        raise NotReadyError(f"{left} bytes left, {free} wanted")


CHECKS: dict[str, Callable[[], None]] = {
    "base": _database,
    "broker": _broker,
    "cache": _cache,
    "preuves": _proofs,
}


def readiness() -> dict[str, str]:
    """Part → «» when it answers, else what is wrong. Each failure is a line of the log."""
    found = {}
    for part, check in CHECKS.items():
        try:
            check()
            found[part] = ""
        except NotReadyError as error:
            log.warning("not ready: %s (%s)", part, error)
            found[part] = str(error)
    return found
