"""Documents that machines read often: 304 for whoever has the present bytes."""

import datetime as dt
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date


def unless_known(
    request: HttpRequest, response: HttpResponse, *, changed: dt.datetime | None
) -> HttpResponse:
    """The response, or 304 to whoever has these bytes already; no Last-Modified without
    `changed`.
    """
    etag = f'"{sha256(response.content).hexdigest()}"'
    response["ETag"] = etag
    stamp = int(changed.timestamp()) if changed else None
    if stamp is not None:
        response["Last-Modified"] = http_date(stamp)
    return get_conditional_response(request, etag, stamp, response) or response
