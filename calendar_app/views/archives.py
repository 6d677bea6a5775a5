"""The dossier of a prestation or a solution as one ZIP: an export, which the journal keeps."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from accounts.middleware import MemberRequest
from calendar_app.models import Solution
from calendar_app.selectors.archives import Subject
from calendar_app.selectors.prestations import prestations_seen
from calendar_app.services.archives import export_archive
from documents.services.archive import safe_name


@require_POST
def prestation(request: MemberRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(prestations_seen(request.user), pk=pk)
    return _zip(request, found, f"Dossier {found.client} {found.dispositif}", "prestations:detail")


@require_POST
def solution(request: MemberRequest, pk: int) -> HttpResponseBase:
    seen = Solution.objects.visible_to(request.user).select_related("organisation", "dispositif")
    found = get_object_or_404(seen, pk=pk)
    return _zip(request, found, f"Dossier {found}", "solutions:detail")


def _zip(request: MemberRequest, subject: Subject, name: str, page: str) -> HttpResponseBase:
    try:
        content = export_archive(subject, by=request.by)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(page, pk=subject.pk)
    header = content_disposition_header(as_attachment=True, filename=f"{safe_name(name)}.zip")
    response = StreamingHttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = str(header)
    return response
