"""Whoever has just done something sees it at once, whatever was kept for them."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from segur.requests import Middleware

if TYPE_CHECKING:
    from accounts.models import User

READS = {"GET", "HEAD"}
SECONDS = 120
"""Longer than a page is kept (`services.quiet`)."""


class ActedMiddleware(Middleware):
    """Notes that this person sent something, or followed a link that does something and leads
    elsewhere, as that of a notification: not every such act is in the journal."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        leads_on = response.status_code in {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}
        user = request.user
        acts = request.method not in READS or leads_on
        # «voir comme» writes nothing
        if acts and user.is_authenticated and not user.is_looked_through:
            cache.set(_key(user), secrets.token_hex(4), SECONDS)
        return response


def last_act(user: User) -> str:
    """A mark that changes with each act of this person; empty if there is none of late."""
    return str(cache.get(_key(user), ""))


def _key(user: User) -> str:
    return f"acted:{user.pk}"
