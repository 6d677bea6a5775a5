"""What a person received and will receive, what they want, and unsubscribing in one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.models import User
from calendar_app.forms.reminders import DispositifPreferenceForm, GeneralPreferenceForm
from calendar_app.models import Dispositif
from calendar_app.selectors.forecasts import forecasts
from calendar_app.selectors.reminder_pages import (
    HORIZON,
    WAITING,
    coming,
    items_of,
    mail_of,
    meaning_of,
    not_sent,
    received,
)
from calendar_app.selectors.reminders import wishes_of
from calendar_app.services import reminders as service
from mailing.rules import MailKind, every_kind
from mailing.services.links import read_unsubscribe_token
from segur.lib import paris
from segur.requests import page_of

PAGE = 25
ALWAYS_SENT = [kind.label for kind in every_kind() if not kind.is_optional]


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    page = page_of(request, received(request.user), per_page=PAGE)
    context = {
        "coming": coming(request.user, now=now),
        "forecasts": forecasts(request.user, now=now, until=now + HORIZON),
        "page_obj": page,
        "mails": [{"mail": mail, "meaning": meaning_of(mail)} for mail in page],
        "not_sent": not_sent(request.user, now=now),
    }
    return render(request, "reminders/index.html", context)


@require_safe
def mail(request: MemberRequest, pk: int) -> HttpResponse:
    row = mail_of(request.user, pk)
    if row is None:
        raise Http404
    context = {
        "mail": row,
        "meaning": meaning_of(row),
        "is_waiting": row.state in WAITING,
        "items": items_of(row),
    }
    return render(request, "reminders/mail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: MemberRequest) -> HttpResponse:
    general, overrides = _forms(request)
    forms = [general, *overrides]
    if request.method == "POST" and all(form.is_valid() for form in forms):
        _save(request.user, general, overrides)
        messages.success(request, "Vos préférences sont enregistrées.")
        return redirect("reminders:preferences")
    context = {
        "general": general,
        "overrides": overrides,
        "forms": forms,
        "always_sent": ALWAYS_SENT,
    }
    return render(request, "reminders/preferences.html", context)


def _forms(request: MemberRequest) -> tuple[GeneralPreferenceForm, list[DispositifPreferenceForm]]:
    today = paris.day(timezone.now())
    wishes = wishes_of([request.user.pk])[request.user.pk]
    data = request.POST if request.method == "POST" else None
    general = GeneralPreferenceForm(data, preference=wishes.general, today=today)
    overrides = [
        DispositifPreferenceForm(
            data,
            dispositif=dispositif,
            is_own=dispositif.pk in wishes.by_dispositif,
            preference=wishes.about(dispositif.pk),
            today=today,
        )
        for dispositif in Dispositif.objects.all()
    ]
    return general, overrides


def _save(
    user: User, general: GeneralPreferenceForm, overrides: list[DispositifPreferenceForm]
) -> None:
    service.preference_save(actor=user, dispositif=None, **general.values())
    for form in overrides:
        if form.cleaned_data["own"]:
            service.preference_save(actor=user, dispositif=form.dispositif, **form.values())
        else:
            service.preference_clear(actor=user, dispositif=form.dispositif)


@csrf_exempt  # RFC 8058: the mailbox posts, without cookie nor page; the signed token is the right
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing: mail scanners follow links."""
    user, kind = _subscriber(token)
    if "List-Unsubscribe" in request.POST:
        service.set_muted(user=user, kind=kind, muted=True)
        return HttpResponse("Désabonnement enregistré.", content_type="text/plain; charset=utf-8")
    if request.method == "POST":
        service.set_muted(user=user, kind=kind, muted=request.POST.get("choix") != "recevoir")
        return redirect("reminders:unsubscribe", token=token)
    context: dict[str, Any] = {
        "email": user.email,
        "kind": kind,
        "refused": wishes_of([user.pk])[user.pk].refuse_everywhere(kind),
    }
    return render(request, "reminders/unsubscribe.html", context)


def _subscriber(token: str) -> tuple[User, MailKind]:
    try:
        user_id, kind = read_unsubscribe_token(token)
    except (BadSignature, ValueError):
        raise Http404("Ce lien de désabonnement n'est pas valable.") from None
    if not kind.is_optional:
        raise Http404("Ces courriels ne peuvent pas être refusés.")
    return get_object_or_404(User, pk=user_id), kind
