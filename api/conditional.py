"""ETag, If-None-Match and If-Match: who changes a thing has read it as it is now."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags
from ninja import Schema
from ninja.responses import Response

from api.problems import Refusal, Words

MISSING = Words(
    "Envoyez dans If-Match l'ETag de votre dernière lecture.",
    "Send the ETag of your last reading in If-Match.",
)
STALE = Words(
    "Ceci a changé depuis votre lecture : relisez, puis envoyez de nouveau.",
    "This has changed since you read it: read it again, then send again.",
)


def etag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """With its ETag; 304 for a reader who has it already."""
    etag = etag_of(response.content)
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def require_match(request: HttpRequest, current: Schema) -> None:
    """Raises Refusal 428 without If-Match, 412 where it is not that of `current`. Call it under the
    lock of the row."""
    sent = request.headers.get("If-Match")
    if sent is None:
        raise Refusal(428, MISSING)
    if sent.strip() != "*" and etag_of(Response(current).content) not in parse_etags(sent):
        raise Refusal(412, STALE)
