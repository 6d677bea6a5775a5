"""A whole page, kept as `services.quiet` keeps what is long to find: rendering takes longer yet."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.middleware import MemberRequest
from calendar_app.middleware import last_act
from calendar_app.services.quiet import Quiet
from segur import __version__
from segur.lib import no_break

Find = Callable[[], dict[str, Any]]


def kept_page(request: MemberRequest, template: str, find: Find, *, quiet: Quiet) -> HttpResponse:
    """The page, or what this person was answered at this address this minute, if nothing that may
    concern them happened since and they did nothing. `made_at` is in the context of one that is
    kept: the page says it. Never while a message waits.
    """
    if request.method != "GET" or len(get_messages(request)) or not quiet.keeps:
        return render(request, template, find())
    page, mark = quiet.keep(_name(request), partial(_page, request, template, find, quiet))
    response = HttpResponse(page.replace(mark, get_token(request)))
    response.is_typeset = True  # type: ignore[attr-defined]  # segur.typography does it no more
    return response


def _page(request: MemberRequest, template: str, find: Find, quiet: Quiet) -> tuple[str, str]:
    """The page, and what stands in it for the CSRF token, of which each answer has its own: no text
    that somebody typed may be taken for it."""
    mark = secrets.token_hex(16)
    context = {**find(), "csrf_token": mark, "made_at": quiet.now}
    return no_break.in_html(render_to_string(template, context, request)), mark


def _name(request: MemberRequest) -> str:
    """All that a page shows of a person beside what is found for them."""
    user = request.user
    where = request.get_host(), request.get_full_path(), user.theme, user.full_name, user.email
    seen = f"{__version__}{where}{user.roles}{user.is_staff}{last_act(user)}"
    return f"page:{sha256(seen.encode()).hexdigest()}"
