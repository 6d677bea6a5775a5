"""The public calendars, and the amendment of a date."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import is_agent, is_responsable
from calendar_app.forms.calendars import AmendForm
from calendar_app.models import Milestone, MilestoneVersion
from calendar_app.rules.amendment import Dates, warnings
from calendar_app.selectors.calendars import (
    amendments,
    calendar_pages,
    compare,
    date_changes,
    timeline,
    touched,
)
from calendar_app.selectors.ical import REFRESH_HOURS
from calendar_app.services.calendars import MUST_BE_RESPONSABLE, milestone_amend
from calendar_app.views.feeds import public_feeds
from journal.forms import attempt
from journal.permissions import require
from segur.lib import due, paris
from segur.public_pages import public_page
from segur.reauthentication import sensitive
from segur.requests import page_of

RECENT = 10


@login_not_required
@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Both calendars, what differs first; the same for everybody, logged in or not."""
    return render(request, "calendars/home.html", _both())


@login_not_required
@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    context = {
        **_both(),
        "changes": date_changes(amendments()[:RECENT]),
        "shows_authors": request.user.is_authenticated and is_agent(request.user),
        "feeds": public_feeds(),
        "refresh_hours": REFRESH_HOURS,
        "may_amend": request.user.is_authenticated and is_responsable(request.user),
    }
    return render(request, "calendars/index.html", context)


@login_not_required
@require_safe
@public_page
def history(request: HttpRequest) -> HttpResponse:
    """What has changed in the calendars, when and on what ground."""
    page = page_of(request, amendments())
    user = request.user
    context = {
        "page": page,
        "changes": date_changes(page),
        "shows_authors": user.is_authenticated and is_agent(user),
    }
    return render(request, "calendars/history.html", context)


def _both() -> dict[str, Any]:
    now = timezone.now()
    pages = calendar_pages(now=now)
    comparisons = compare(pages)
    return {
        "now": now,
        "pages": pages,
        "comparisons": comparisons,
        "differing": [row for row in comparisons if row.differs],
        "same": [row for row in comparisons if not row.differs],
        "picture": timeline(pages, now=now),
    }


@login_not_required
@require_safe
@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    page = next((p for p in calendar_pages(now=now) if p.dispositif.slug == slug), None)
    if page is None:
        raise Http404
    user = request.user
    context = {
        "now": now,
        "page": page,
        "picture": timeline([page], now=now),
        "may_amend": user.is_authenticated and is_responsable(user),
        "shows_authors": user.is_authenticated and is_agent(user),
        "feeds": [link for link in public_feeds() if link.title == str(page.dispositif)],
        "refresh_hours": REFRESH_HOURS,
    }
    return render(request, "calendars/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def amend(request: MemberRequest, pk: int) -> HttpResponse:
    """Typed, shown once more with what it touches, then made."""
    require(is_responsable(request.user), MUST_BE_RESPONSABLE)
    milestone = get_object_or_404(Milestone.objects.select_related("dispositif"), pk=pk)
    form = AmendForm(request.POST or None, milestone=milestone, now=timezone.now())
    if "confirmer" in request.POST and (version := attempt(form, lambda: _amend(request, form))):
        messages.success(request, _made(version))
        place = reverse("calendars:detail", args=[milestone.dispositif.slug])
        return redirect(f"{place}#jalon-{milestone.number}")
    if "verifier" in request.POST and form.is_valid():
        return render(request, "calendars/amend_confirm.html", _confirmation(form, milestone))
    return render(request, "calendars/amend.html", {"form": form, "milestone": milestone})


def _amend(request: MemberRequest, form: AmendForm) -> MilestoneVersion:
    return milestone_amend(
        milestone=form.as_read(),
        due_at=form.cleaned_data["due_at"],
        reason=form.cleaned_data["reason"],
        source=form.cleaned_data["source"],
        nature=form.cleaned_data["nature"],
        by=request.by,
    )


def _made(version: MilestoneVersion) -> str:
    return (
        f"Jalon {version.milestone.number} : version {version.number}, "
        f"{due.words(version, paris.long, before=True)}. "
        "Un courriel part aux personnes concernées."
    )


def _confirmation(form: AmendForm, milestone: Milestone) -> dict[str, Any]:
    due_at = form.cleaned_data["due_at"]
    siblings = milestone.dispositif.milestones.exclude(pk=milestone.pk)
    before = Dates(milestone.due_at, milestone.estimated_at)
    after = before.amended(due_at, form.cleaned_data["nature"])
    return {
        "form": form,
        "milestone": milestone,
        "after": after,
        "moved": after.due_at != before.due_at,
        "touched": touched(milestone),
        "warnings": warnings(
            number=milestone.number,
            old_due_at=milestone.due_at,
            due_at=due_at,
            others={other.number: other.due_at for other in siblings if other.due_at},
        ),
    }
