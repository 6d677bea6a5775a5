"""What stands before sessions and logins: the number of each request, and the pages of health."""

from __future__ import annotations

import re
import uuid
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from segur.requests import Middleware

PREFIX = "/sante/"
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


class RequestIdMiddleware(Middleware):
    """Every line of the log that a request causes has its number, in the worker too
    (`operations.services.tracing`). The number is the proxy's where there is one.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "") if settings.BEHIND_TLS_PROXY else ""
        number = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.bind_contextvars(request_id=number)
        response = self.get_response(request)
        response["X-Request-ID"] = number
        return response


def forget_number(**_signal: Any) -> None:
    """At the end of a request: Django logs its refusals after the last middleware."""
    structlog.contextvars.unbind_contextvars("request_id")


class HealthMiddleware(Middleware):
    """A probe may send a cookie, or any Host: neither a session nor the database is read for it."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return answer
