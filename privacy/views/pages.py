"""The public pages about the site and about personal data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from privacy.rules.parameters import BASIS, CONTACT, CONTROLLER, HOST, PUBLISHER
from privacy.selectors.pages import last_run, register, texts


@require_safe
@login_not_required
def policy(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "texts": texts((CONTROLLER, BASIS, CONTACT), now=now),
        "lines": register(now=now),
        "last_run": last_run(),
    }
    return render(request, "privacy/policy.html", context)


@require_safe
@login_not_required
def legal_notice(request: HttpRequest) -> HttpResponse:
    context = {"texts": texts((PUBLISHER, HOST), now=timezone.now())}
    return render(request, "privacy/legal_notice.html", context)
