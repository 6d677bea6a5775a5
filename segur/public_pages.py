"""Pages that say the same to everybody: rendered once a minute for those who are not logged in.

The view says so (`public_page`). Whoever brings no session gets the kept page before any session,
person or database is looked for, or «304, you have it». A page that sets a cookie, or is asked with
a query, is not kept. Between two machines the cache is shared, as rate limits are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from segur import __version__
from segur.requests import Middleware

View = Callable[..., HttpResponse]
MARK = "is_public_page"


def public_page(view: View) -> View:
    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        setattr(response, MARK, not request.user.is_authenticated)
        return response

    return marked


class PublicPagesMiddleware(Middleware):
    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (settings.PUBLIC_PAGES_SECONDS and _may_be_kept(request)):
            return self.get_response(request)
        key = _key(request)
        kept = cache.get(key)
        if kept is None:
            response = self.get_response(request)
            if not _is_kept(response):
                return response
            kept = _keep(key, response)
        content, headers = kept
        response = HttpResponse(content, headers=headers)
        answer = get_conditional_response(request, headers["ETag"], None, response)
        return answer or response


def _may_be_kept(request: HttpRequest) -> bool:
    is_plain = not request.META.get("QUERY_STRING") and "HX-Request" not in request.headers
    return request.method in ("GET", "HEAD") and is_plain and not request.COOKIES


def _is_kept(response: HttpResponse) -> bool:
    is_page = getattr(response, MARK, False) and response.status_code == HTTPStatus.OK
    return is_page and not response.cookies


def _keep(key: str, response: HttpResponse) -> tuple[bytes, dict[str, str]]:
    seconds = settings.PUBLIC_PAGES_SECONDS
    patch_cache_control(response, public=True, max_age=seconds)
    patch_vary_headers(response, ["Cookie"])
    response["ETag"] = f'"{sha256(response.content).hexdigest()}"'
    kept = response.content, dict(response.headers)
    cache.set(key, kept, seconds)
    return kept


def _key(request: HttpRequest) -> str:
    """Of a version: a page names the files of its own."""
    where = f"{request.scheme}://{request.get_host()}{request.path}"
    return f"page:{sha256(f'{__version__} {where}'.encode()).hexdigest()}"
