"""The portals to treat, and the Clients to ask about theirs, as files: what the page shows."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from calendar_app.models import Prestation
from pilots.va.models import Portal
from pilots.va.views.installation import CLIENTS, portals_found
from segur.exports import Columns, Format, columns_response

TO_ASK: Columns[Prestation] = {
    "Client": lambda row: row.client.name,
    "FINESS": lambda row: row.client.finess,
    "Solution": lambda row: str(row.supplier.solution),
    "Fournisseur": lambda row: row.organisation.name,
}
TO_TREAT: Columns[Portal] = {
    "Portail": str,
    "Client": lambda row: row.prestation.client.name,
    "FINESS": lambda row: row.prestation.client.finess,
    "Fournisseur": lambda row: row.prestation.organisation.name,
    "Client informé le": lambda row: row.informed_on,
    "Remarque": lambda row: row.note,
}


@require_safe
def pending(request: MemberRequest, kind: Format) -> HttpResponse:
    view, found, _counts = portals_found(request)
    if view == CLIENTS:
        return columns_response(request, kind, "clients-a-interroger", TO_ASK, found)
    return columns_response(request, kind, "portails-a-traiter", TO_TREAT, found)
