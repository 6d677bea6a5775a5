"""Files that programs look for at fixed addresses: `robots.txt`, `/.well-known/security.txt`."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from segur.secret_addresses import PREFIXES

VALID = dt.timedelta(days=180)
"""RFC 9116 asks for less than a year."""
TEXT = "text/plain; charset=utf-8"
CLOSED = ("administration/", "api/", "compte/", "_composants/", *PREFIXES)
"""What no search engine has to ask for: it needs a login, a key or a secret."""


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: /{prefix}" for prefix in CLOSED)]
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT)


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a vulnerability (RFC 9116). Raises Http404 where no contact is configured."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + VALID).astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT)
