"""Open data: any site reads it, without a session, and a copy lasts an hour."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

HOUR = 3600
JSON = "application/json"

View = Callable[..., HttpResponse]


def open_data(view: View) -> View:
    """Marks the view too: a key made for open data is counted apart (`segur.public_rates`)."""

    @login_not_required
    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        patch_cache_control(response, public=True, max_age=HOUR)
        return response

    answered.is_open_data = True  # type: ignore[attr-defined]
    return answered


def written(content: Any, content_type: str = JSON) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return HttpResponse(text.encode(), content_type=content_type)
