"""The security of one's account: what was done with it or in its name, newest first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from accounts.selectors.security_log import entries_about, line_of
from segur.requests import page_of


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    page = page_of(request, entries_about(request.user))
    context = {"page_obj": page, "lines": [line_of(entry, request.user) for entry in page]}
    return render(request, "accounts/security_log.html", context)
