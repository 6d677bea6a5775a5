"""`/notifications/`: what happened to this person, unread first; each opens what it is about."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from journal.views.acts import press
from mailing.forms import NotificationFilter
from mailing.models import OutgoingMail
from mailing.selectors.notifications import kinds_of, unread_count
from mailing.services.notifications import mark_all_read, mark_read
from segur.requests import page_of

if TYPE_CHECKING:
    from accounts.middleware import MemberRequest

PAGE = 25


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    form = NotificationFilter(request.GET, kinds=kinds_of(request.user, now=now))
    rows = form.narrow(OutgoingMail.objects.notifications_of(request.user, now=now))
    context = {
        "form": form,
        "page_obj": page_of(request, rows.without_content(), per_page=PAGE),
        "unread": unread_count(request.user, now=now),
    }
    return render(request, "notifications/index.html", context)


@require_safe
def open_one(request: MemberRequest, pk: int) -> HttpResponseRedirect:
    """Marks it as read and leads to what it is about, or to its mail where it names no page."""
    now = timezone.now()
    row = get_object_or_404(OutgoingMail.objects.notifications_of(request.user, now=now), pk=pk)
    mark_read(row, now=now)
    return redirect(row.page) if row.page else redirect("reminders:mail", pk=row.pk)


@require_POST
def read_all(request: MemberRequest) -> HttpResponse:
    act = partial(mark_all_read, request.user, now=timezone.now())
    return press(request, act, done=_read, to=reverse("notifications:index"))


def _read(count: int) -> str:
    words = {0: "Tout était déjà lu.", 1: "1 notification marquée comme lue."}
    return words.get(count, f"{count} notifications marquées comme lues.")
