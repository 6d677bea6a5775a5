"""The ZIP of an organisation: asked for, its progress, the file."""

from __future__ import annotations

from functools import partial

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import MemberRequest
from accounts.models import Organisation
from documents.services.archive import safe_name
from journal.permissions import require
from journal.views.acts import press
from privacy.enums import ArchiveState
from privacy.models import OrganisationArchive
from privacy.services.archives import LASTS, archive_ask
from privacy.services.exports import MANDATAIRES_ONLY, may_export
from segur.reauthentication import sensitive
from segur.requests import page_of

ASKED = "Archive demandée : un courriel vous préviendra quand elle sera prête."


@require_POST
@sensitive
def ask(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """Of the organisation that one acts for; a responsable of the ANS names another."""
    if pk is None:
        host = request.organisation
        if host is None:
            return redirect("accounts:none")
    else:
        host = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    require(may_export(request.user, host), MANDATAIRES_ONLY)
    act = partial(archive_ask, organisation=host, by=request.by)
    return press(request, act, done=ASKED, to=reverse("privacy:archives"))


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Mine; the list asks for itself again as long as one is in preparation."""
    rows = OrganisationArchive.objects.visible_to(request.user).select_related("organisation")
    page = page_of(request, rows)
    context = {
        "page_obj": page,
        "waits": any(row.is_active for row in page),
        "days": LASTS.days,
    }
    return render(request, "privacy/archives.html", context)


@sensitive
@require_safe
def download(request: MemberRequest, pk: int) -> FileResponse:
    rows = OrganisationArchive.objects.visible_to(request.user).select_related("organisation")
    ready = rows.filter(state=ArchiveState.READY, expires_at__gt=now())
    row = get_object_or_404(ready, pk=pk)
    name = f"{safe_name(f'Données {row.organisation}')}.zip"
    return FileResponse(
        row.file.open("rb"), as_attachment=True, filename=name, content_type="application/zip"
    )
