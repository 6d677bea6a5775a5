"""The organisations and the directory of Clients as files: what their pages show, all pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from accounts.models import Organisation
from accounts.permissions import is_agent, is_member
from accounts.views.clients import MEMBERS_ONLY, clients_found
from accounts.views.organisations import AGENTS_ONLY, organisations_found
from journal.permissions import require
from segur.exports import Columns, Format, columns_response

CLIENTS: Columns[Organisation] = {
    "Client": lambda row: row.name,
    "FINESS": lambda row: row.finess,
    "SIRET": lambda row: row.siret,
    "Commune": lambda row: row.city,
}
ORGANISATIONS: Columns[Organisation] = {
    "Organisation": lambda row: row.name,
    "Nature": lambda row: row.get_kind_display(),
    "SIREN": lambda row: row.siren,
    "SIRET": lambda row: row.siret,
    "FINESS": lambda row: row.finess,
    "Commune": lambda row: row.city,
    "Active": lambda row: "oui" if row.is_active else "non",
    "Membres": lambda row: row.member_count,  # type: ignore[attr-defined]  # annotated
}


@require_safe
def clients(request: MemberRequest, kind: Format) -> HttpResponse:
    require(is_member(request.user), MEMBERS_ONLY)
    rows, _form = clients_found(request)
    return columns_response(request, kind, "clients", CLIENTS, rows)


@require_safe
def organisations(request: MemberRequest, kind: Format) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    rows, _form = organisations_found(request)
    return columns_response(request, kind, "organisations", ORGANISATIONS, rows)
