"""The ledger of mails and the notifications of a person as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from journal.permissions import require
from mailing.forms import MailFilter, NotificationFilter
from mailing.models import OutgoingMail
from mailing.selectors.notifications import kinds_of
from mailing.views.ledger import MUST_BE_RESPONSABLE
from segur.exports import Columns, Format, columns_response

if TYPE_CHECKING:
    from accounts.middleware import MemberRequest

MAILS: Columns[OutgoingMail] = {
    "Créé le (heure de Paris)": lambda row: row.created_at,
    "Nature": lambda row: row.kind_label,
    "Objet": lambda row: row.subject,
    "Destinataire": lambda row: row.to_email,
    "État": lambda row: row.get_state_display(),
    "Envoyé le (heure de Paris)": lambda row: row.sent_at,
    "Erreur": lambda row: row.error,
}
NOTIFICATIONS: Columns[OutgoingMail] = {
    "Reçue le (heure de Paris)": lambda row: row.created_at,
    "Nature": lambda row: row.kind_label,
    "Objet": lambda row: row.subject,
    "Lue le (heure de Paris)": lambda row: row.read_at,
}


@require_safe
def mails(request: MemberRequest, kind: Format) -> HttpResponse:
    require(request.user.is_responsable, MUST_BE_RESPONSABLE)
    rows = MailFilter(request.GET).ledger()
    return columns_response(request, kind, "courriels", MAILS, rows)


@require_safe
def notifications(request: MemberRequest, kind: Format) -> HttpResponse:
    now = timezone.now()
    form = NotificationFilter(request.GET, kinds=kinds_of(request.user, now=now))
    rows = form.narrow(OutgoingMail.objects.notifications_of(request.user, now=now))
    return columns_response(request, kind, "notifications", NOTIFICATIONS, rows.without_content())
