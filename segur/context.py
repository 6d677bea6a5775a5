"""What every page shows around its content: menu, organisation, appearance, version."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Kind, Theme
from accounts.models import Organisation
from mailing.selectors.notifications import unread_count
from segur.guide.source import INDEX, GuideSection, guides, section_of

INDUSTRY_MENU = (
    ("Mes échéances", "deadlines:index"),
    ("Portefeuille", "portfolio:index"),
    ("Solutions", "solutions:index"),
    ("Prestations", "prestations:index"),
    ("Pilotes", "pilots:index"),
    ("PERF", "perf:index"),
    ("Calendriers", "calendars:index"),
    ("Rappels", "reminders:index"),
)
ANS_MENU = (
    ("Programme", "programme:index"),
    ("Instruction", "review:index"),
    ("Préfigurateurs", "prefigurateurs:index"),
    ("Échéances", "deadlines:index"),
    ("Calendriers", "calendars:index"),
    ("PERF", "perf:index"),
    ("Organisations", "accounts:organisations"),
    ("Paramètres", "parameters:index"),
)
PUBLIC_MENU: tuple[tuple[str, str], ...] = (
    ("Calendriers", "calendars:index"),
    ("Simulateur PERF", "perf:simulator"),
    ("Installations réussies", "publications:index"),
    ("Préfigurateurs", "prefigurateurs:public"),
)

UNDER = {
    "reminders:index": ("notifications:index",),
    "deadlines:index": ("first_steps:index",),
    "prestations:index": ("installation:pending_portals",),
    "programme:index": ("installation:pending_portals", "programme:open_data"),
    "pilots:index": ("checklists:index", "publications:index"),
    "review:index": ("publications:index",),
    "parameters:index": ("checklists:index", "deadlines:expected"),
    "calendars:index": ("parameters:index",),
    "accounts:organisations": ("accounts:clients", "mails:index"),
}
"""Pages without an entry of their own: the entries that they are found under, where the menu has
them."""


def page(request: HttpRequest) -> dict[str, Any]:
    organisation = getattr(request, "organisation", None)
    if organisation is None:
        entries = PUBLIC_MENU
    else:
        entries = ANS_MENU if organisation.kind == Kind.ANS else INDUSTRY_MENU
    return {
        "theme": _theme(request),
        "main_menu": _menu(entries, request.path),
        "active_organisation": organisation,
        "my_organisations": getattr(request, "organisations", []),
        "app_version": settings.APP_VERSION,
        "unread_notifications": partial(_unread, request),
        "page_help": partial(_page_help, request, organisation),
    }


def _page_help(request: HttpRequest, organisation: Organisation | None) -> GuideSection:
    """The section of the guide on this page; the first one for a page that has none (a refusal)."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    is_ans = organisation is not None and organisation.kind == Kind.ANS
    return section_of(name, is_ans=is_ans) or guides()[INDEX].sections[0]


def _unread(request: HttpRequest) -> int:
    """For the bell; asked only where a page shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return unread_count(user, now=timezone.now())


def _theme(request: HttpRequest) -> str:
    """The person's choice, or the cookie of who is not logged in."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return str(user.theme)
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in Theme else Theme.AUTO


def _menu(entries: tuple[tuple[str, str], ...], path: str) -> list[dict[str, Any]]:
    urls = {name: reverse(name) for _label, name in entries}
    own = {name for name, url in urls.items() if path.startswith(url)}
    current = own or {name for name in urls if _is_under(name, path)}
    return [
        {"label": label, "url": urls[name], "current": name in current} for label, name in entries
    ]


def _is_under(name: str, path: str) -> bool:
    return any(path.startswith(reverse(other)) for other in UNDER.get(name, ()))
