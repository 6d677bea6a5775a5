"""What every page shows around its content: menu, organisation, appearance, version."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import Kind, Theme

INDUSTRY_MENU = (
    ("Mes échéances", "deadlines:index"),
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


def page(request: HttpRequest) -> dict[str, Any]:
    organisation = getattr(request, "organisation", None)
    if organisation is None:
        entries = PUBLIC_MENU
    else:
        entries = ANS_MENU if organisation.kind == Kind.ANS else INDUSTRY_MENU
    return {
        "theme": _theme(request),
        "main_menu": [
            {"label": label, "url": url, "current": _is_current(request.path, url)}
            for label, url in ((label, reverse(name)) for label, name in entries)
        ],
        "active_organisation": organisation,
        "my_organisations": getattr(request, "organisations", []),
        "app_version": settings.APP_VERSION,
    }


def _theme(request: HttpRequest) -> str:
    """The person's choice, or the cookie of who is not logged in."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return str(user.theme)
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in Theme else Theme.AUTO


def _is_current(path: str, url: str) -> bool:
    return path.startswith(url)
