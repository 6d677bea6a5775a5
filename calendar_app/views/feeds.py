"""iCalendar: the public calendars, and the private feed of a person with its address."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from calendar_app.models import Dispositif, FeedAddress
from calendar_app.selectors.calendars import changed_at, milestones_with_change, own_deadlines
from calendar_app.selectors.ical import REFRESH_HOURS, deadlines_ics, dispositif_ics
from calendar_app.services.feeds import address_create, address_open, address_revoke, token_of
from journal.views.acts import press
from mailing.services.links import absolute
from segur.conditional import unless_known
from segur.reauthentication import sensitive

PUBLIC_AGE = 3600


@dataclass(frozen=True)
class FeedLink:
    """The address of a feed, to download, to copy, or to hand to the agenda of the device."""

    title: str
    path: str

    @property
    def url(self) -> str:
        return absolute(self.path)

    @property
    def label(self) -> str:
        return f"Adresse du calendrier « {self.title} »"

    @property
    def anchor(self) -> str:
        return f"adresse-{slugify(self.title)}"

    @property
    def webcal(self) -> str:
        return f"webcal://{self.url.partition('://')[2]}"

    @property
    def services(self) -> list[tuple[str, str]]:
        """Agendas that subscribe by an address of their own: name, and that address."""
        ours = urlencode({"url": self.url, "name": f"Ségur Imagerie · {self.title}"})
        google = urlencode({"cid": self.webcal})
        return [
            ("Google Agenda", f"https://calendar.google.com/calendar/r?{google}"),
            ("Outlook professionnel", f"https://outlook.office.com/calendar/addfromweb?{ours}"),
            ("Outlook.com", f"https://outlook.live.com/calendar/addfromweb?{ours}"),
        ]


def public_feeds() -> list[FeedLink]:
    return [
        FeedLink(str(dispositif), reverse("calendars:feed", args=[dispositif.slug]))
        for dispositif in Dispositif.objects.all()
    ]


@login_not_required
@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    dispositif = get_object_or_404(Dispositif, slug=slug)
    milestones = list(milestones_with_change(dispositif))
    changed = max((changed_at(milestone) for milestone in milestones), default=None)
    answer = _answer(request, dispositif_ics(dispositif, milestones), f"{slug}.ics", changed)
    patch_cache_control(answer, public=True, max_age=PUBLIC_AGE)
    return answer


@login_not_required
@require_safe
def private_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The token is the permission: whoever has it reads, and nothing else of the site.

    No Last-Modified here: a deadline that is filed leaves the feed, and a person an organisation,
    without anything in what remains being newer. The ETag, made of the bytes, knows.
    """
    address = address_open(token, now=timezone.now())
    if address is None:
        raise Http404
    body = deadlines_ics(own_deadlines(address.user), name="Ségur Imagerie · Mes échéances")
    answer = _answer(request, body, "mes-echeances.ics", None)
    patch_cache_control(answer, private=True, no_cache=True)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _answer(
    request: HttpRequest, body: str, name: str, changed: dt.datetime | None
) -> HttpResponse:
    """The calendar, or 304 to whoever has these bytes already."""
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return unless_known(request, response, changed=changed)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def subscription(request: MemberRequest) -> HttpResponse:
    """The page where a person makes, copies, replaces and revokes the address of the feed."""
    if request.method == "POST":
        return _change_address(request)
    address = FeedAddress.objects.filter(user=request.user).first()
    link = None
    if address:
        path = reverse("calendars:private_feed", args=[token_of(address)])
        link = FeedLink("Mes échéances", path)
    context = {"address": address, "link": link, "refresh_hours": REFRESH_HOURS}
    response = render(request, "calendars/subscription.html", context)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _change_address(request: MemberRequest) -> HttpResponse:
    act: Callable[[], object]
    if "supprimer" in request.POST:
        act = partial(address_revoke, actor=request.user)
        done = "L'adresse est supprimée : elle n'ouvre plus rien."
    else:
        act = partial(address_create, by=request.by)
        replaced = " L'ancienne n'ouvre plus rien." if "remplacer" in request.POST else ""
        done = f"Voici votre adresse.{replaced}"
    return press(request, act, done=done, to=reverse("calendars:subscription"))
