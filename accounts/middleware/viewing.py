"""«Voir comme»: a responsable of the ANS reads the site as a member of an organisation (ADR 0035).

Read only, thirty minutes, journaled. Four walls, each enough alone against a write: every method
but reading is refused; only pages of LISTED applications open; an answer that is no page (a file, a
calendar, data) is not given; and the database refuses every write until the answer is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from accounts.enums import ANS_ROLES
from accounts.models import Membership, Organisation, User
from accounts.permissions import is_responsable
from journal.rules.by import By
from journal.services.entries import write
from segur.requests import Middleware

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

SESSION_KEY = "view_as"
LENGTH = dt.timedelta(minutes=30)
READS = {"GET", "HEAD"}
LEAVE = "accounts:view_as_leave"

LISTED = {
    *("deadlines", "solutions", "prestations", "pilots", "perf", "va", "installation"),
    *("journal", "portfolio", "publications", "prefigurateurs"),
}
"""Applications whose pages open. What is a person's own (profile, password, feeds, mails,
notifications, keys of the API) is in none of them."""
PAGES = {
    *("home", "landing", "help", "help_guide", "accessibility", "sources"),
    *("privacy:policy", "privacy:legal_notice"),
    *("calendars:index", "calendars:detail"),
    *("accounts:organisation", "accounts:clients", "accounts:client_detail", "accounts:none"),
}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE", "ALTER", "DROP", "CREATE")

DRAFTS = {"deadlines:prepare", "pilots:pv_edit", "pilots:pv_sign"}
"""What is written there and not sent is nobody else's."""

READ_ONLY = (
    "Vous voyez le site comme une autre personne, en lecture seule : rien n'est enregistré. "
    "Quittez cette vue pour agir en votre nom."
)
NOT_SHOWN = (
    "Cette page n'est pas montrée en lecture seule : elle est propre à la personne, ou c'est un "
    "brouillon ou un fichier."
)


@dataclass(frozen=True)
class Viewing:
    """`real` sees the site as `user`, a member of `organisation`, until an instant."""

    real: User
    user: User
    organisation: Organisation
    role: str
    until: dt.datetime


class ViewAsMiddleware(Middleware):
    """Puts the person who is looked at in the place of the responsable, for reading alone."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewing = viewing_of(request, timezone.now())
        request.viewing = viewing  # type: ignore[attr-defined]
        if viewing is None or request.path == reverse(LEAVE):
            return self.get_response(request)
        viewing.user.is_looked_through = True
        request.user = viewing.user
        if request.method not in READS:
            return _refused(request, READ_ONLY, status=HTTPStatus.METHOD_NOT_ALLOWED)
        if not _opens(request.path):
            return _refused(request, NOT_SHOWN)
        with _no_writes():
            response = self.get_response(request)
        return response if _is_page(response) else _refused(request, NOT_SHOWN)


def viewing_of(request: HttpRequest, now: dt.datetime) -> Viewing | None:
    """What the session says, as long as it is true still; else it is ended."""
    found = request.session.get(SESSION_KEY)
    if not found or not request.user.is_authenticated:
        return None
    until = dt.datetime.fromisoformat(found["until"])
    member = viewable(found["organisation"]).filter(user=found["user"]).first()
    if now >= until or member is None or not is_responsable(request.user):
        end(request.session, real=request.user, at=min(now, until))
        return None
    return Viewing(request.user, member.user, member.organisation, member.get_role_display(), until)


def viewable(organisation: int) -> Any:
    """Whom one may look through: the active members of an organisation, who are nothing at the ANS
    and nothing in the administration of the site: no look-through leads to more rights."""
    of_ans = Membership.objects.filter(role__in=ANS_ROLES).values("user")
    return (
        Membership.objects.filter(organisation=organisation, organisation__is_active=True)
        .filter(user__is_active=True, user__is_staff=False, user__is_superuser=False)
        .exclude(role__in=ANS_ROLES)
        .exclude(user__in=of_ans)
        .select_related("user", "organisation")
        .order_by("user__full_name", "pk")
    )


def end(session: SessionBase, *, real: User, at: dt.datetime) -> Organisation | None:
    """Out of the session, with its line in the journal of the organisation."""
    found = session.pop(SESSION_KEY, None)
    organisation = Organisation.objects.filter(pk=found["organisation"]).first() if found else None
    if organisation is None:
        return None
    write(
        organisation,
        "organisation.view_end",
        by=By.person(real, at),
        what="Fin de la consultation du site comme un membre de l'organisation",
        organisation_id=organisation.pk,
    )
    return organisation


def _opens(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return True  # the usual page says that there is none
    if match.view_name in DRAFTS:
        return False
    return match.view_name in PAGES or match.app_name in LISTED


def _is_page(response: HttpResponse) -> bool:
    if response.streaming or response.has_header("Content-Disposition"):
        return False
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html or response.has_header("Location")


def _no_writes() -> AbstractContextManager[None]:
    return connection.execute_wrapper(_refuse_writes)


def _refuse_writes(
    execute: Callable[..., Any], sql: str, params: Sequence[Any], many: bool, context: Any
) -> Any:
    words = sql.lstrip(" (").split(None, 1)
    if words and words[0].upper() in WRITES:
        raise PermissionDenied(READ_ONLY)
    return execute(sql, params, many, context)


def _refused(request: HttpRequest, sentence: str, *, status: int = 403) -> HttpResponse:
    context = {"sentence": sentence}
    response = render(request, "accounts/view_as_refused.html", context, status=status)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = "GET, HEAD"
    return response
