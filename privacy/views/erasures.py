"""Requests for erasure, for the responsables of the ANS."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import is_responsable
from journal.permissions import require
from journal.views.acts import press
from privacy.models import ErasureRequest
from privacy.selectors.erasures import preview
from privacy.services.requests import RESPONSABLES_ONLY, erasure_do
from segur.reauthentication import sensitive
from segur.requests import page_of


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    require(is_responsable(request.user), RESPONSABLES_ONLY)
    rows = ErasureRequest.objects.visible_to(request.user).waiting().select_related("user")
    return render(request, "privacy/erasures.html", {"page_obj": page_of(request, rows)})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """What would happen, then the button."""
    rows = ErasureRequest.objects.visible_to(request.user).waiting().select_related("user")
    row = get_object_or_404(rows, pk=pk)
    require(is_responsable(request.user), RESPONSABLES_ONLY)
    if request.method == "POST":
        return press(
            request,
            lambda: erasure_do(row=row, by=request.by),
            done="Personne effacée : ses actes restent, signés « Personne effacée ».",
            to="privacy:erasures",
        )
    found = preview(row.user, now=now())
    return render(request, "privacy/erasure.html", {"erasure": row, "preview": found})
