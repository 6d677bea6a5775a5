"""Errors to Sentry, when SENTRY_DSN names one: where it broke, nothing of who was there. Sentry's
own default already leaves people out; `scrub` keeps only what is known to name nobody.
"""

from __future__ import annotations

import logging
from typing import Any

import sentry_sdk
import structlog
from django.conf import settings

from segur.lib.hidden import hide_addresses
from segur.lib.texts import each_text
from segur.secret_addresses import HidingFormatter, hide

DROPPED = ("user", "request", "breadcrumbs", "server_name", "modules")


def report_to(dsn: str, **options: Any) -> None:
    sentry_sdk.init(
        dsn=dsn,
        release=settings.APP_VERSION,
        environment="production" if settings.PRODUCTION else "local",
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        before_send=scrub,
        **options,
    )
    for handler in logging.getLogger("sentry_sdk.errors").handlers:  # its own, for debugging
        handler.setFormatter(HidingFormatter(handler.formatter or logging.Formatter()))


def scrub(event: Any, _hint: Any) -> Any:
    """Keeps the method and the path of a request, without its query; no address."""
    request = event.get("request", {})
    where = {"method": request.get("method", ""), "url": request.get("url", "").partition("?")[0]}
    kept = {name: part for name, part in event.items() if name not in DROPPED}
    if request:
        kept["request"] = where
    number = structlog.contextvars.get_contextvars().get("request_id")
    tags = {"request_id": number} if number else {}
    cleaned: Any = each_text(kept, lambda text: hide_addresses(hide(text)))
    return {**cleaned, "tags": {**cleaned.get("tags", {}), **tags}}
