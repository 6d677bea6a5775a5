"""Pilot Clients, and the queue of the review, as files: what their pages show, all pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import is_agent
from journal.permissions import require
from pilots.enums import AspRequestKind
from pilots.pv.selectors import queue as queue_selectors
from pilots.pv.selectors.pilots import PilotRow, pilot_rows, pilots_seen
from pilots.pv.selectors.queue import QueueRow
from pilots.pv.views.review import AGENTS_ONLY, queue_found
from segur.exports import Columns, Format, columns_response
from segur.lib.tables import Cell


def _request_state(row: PilotRow, kind: AspRequestKind) -> Cell:
    return next((one.state.label for one in row.requests if one.kind == kind), "")


PILOTS: Columns[PilotRow] = {
    "Client": lambda row: row.pilot.prestation.client.name,
    "FINESS": lambda row: row.pilot.prestation.client.finess,
    "Solution": lambda row: str(row.pilot.prestation.supplier.solution),
    "Fournisseur": lambda row: row.pilot.prestation.organisation.name,
    "Désigné le (heure de Paris)": lambda row: row.pilot.named_at,
    "Retiré le (heure de Paris)": lambda row: row.pilot.withdrawn_at,
    "Financement": lambda row: _request_state(row, AspRequestKind.FUNDING),
    "Avance": lambda row: _request_state(row, AspRequestKind.ADVANCE),
    "PV": lambda row: row.pv_label,
}
QUEUE: Columns[QueueRow] = {
    "Client": lambda row: row.pv.pilot.prestation.client.name,
    "Solution": lambda row: str(row.pv.pilot.prestation.supplier.solution),
    "Fournisseur": lambda row: row.pv.pilot.prestation.organisation.name,
    "Reçu le (heure de Paris)": lambda row: row.pv.sent_at,
    "État": lambda row: str(row.state.label),
    "Attente (jours ouvrés)": lambda row: row.waited,
    "Commencer au plus tard le": lambda row: row.risk.act_by if row.risk else None,
    "Décidé le (heure de Paris)": lambda row: row.decided_at,
}


@require_safe
def pilots(request: MemberRequest, kind: Format) -> HttpResponse:
    seen = pilots_seen(request.user).order_by("prestation__supplier", "named_at", "pk")
    return columns_response(request, kind, "pilotes", PILOTS, pilot_rows(seen, request.user))


@require_safe
def queue(request: MemberRequest, kind: Format) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    now = timezone.now()
    found, _form = queue_found(request, now)
    usual = queue_selectors.usual_time(now)
    rows = queue_selectors.queue_rows(list(found), request.user, now=now, usual=usual.working_days)
    return columns_response(request, kind, "instruction", QUEUE, rows)
