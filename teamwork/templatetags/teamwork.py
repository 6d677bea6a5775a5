"""What every page about a subject shows of the people who work on it."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from accounts.permissions import can_prepare
from teamwork.forms import ChargeForm, CommentForm
from teamwork.models import Absence
from teamwork.selectors.absences import absence_of
from teamwork.selectors.charges import in_charge, kind_of, may_take
from teamwork.selectors.comments import audiences, comments_on, file_lines, speaks_for

register = template.Library()


@register.inclusion_tag("teamwork/_charge.html")
def charge_of(subject: Model, user: User, address: str) -> dict[str, Any]:
    """Who is in charge, for the members of the organisation that must act; nothing for others.
    `address` takes the form."""
    kind = kind_of(subject)
    organisation = kind.organisation(subject)
    if organisation not in user.roles:
        return {"is_shown": False}
    person = in_charge(kind.model, [subject.pk]).get(subject.pk)
    form = None
    if can_prepare(user, organisation):
        form = ChargeForm(people=may_take(organisation), initial={"person": person})
    return {
        "is_shown": True,
        "person": person,
        "absence": absence_of(person, timezone.now()) if person else None,
        "form": form,
        "address": address,
        "user": user,
    }


@register.inclusion_tag("teamwork/_comments.html", takes_context=True)
def comments_of(context: dict[str, Any], subject: Model, address: str) -> dict[str, Any]:
    """The comments that the reader may read, oldest first, and the form of a new one, which
    `address` takes."""
    request = context["request"]
    found = list(comments_on(subject).visible_to(request.user))
    kind = kind_of(subject)
    organisation = speaks_for(kind, subject, request.user, request.organisation)
    offered = audiences(kind, subject, organisation) if organisation else {}
    return {
        "comments": [(comment, file_lines(comment.files.all())) for comment in found],
        "form": CommentForm(offered=offered) if offered else None,
        "address": address,
        "request": request,
    }


@register.simple_tag
def my_absence(user: User) -> Absence | None:
    return absence_of(user, timezone.now())
