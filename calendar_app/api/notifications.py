"""What happened: the notifications of who answers for the key."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.api import caller, reader
from accounts.models import Membership
from api.enums import Scope
from api.operations import operation
from api.paging import NEXT, Page, each, page_of
from api.types import RowId, ShownInstant
from journal.permissions import require
from mailing.models import OutgoingMail
from mailing.querysets import OutgoingMailQuerySet
from mailing.rules import ACCOUNT_MAIL
from mailing.services.notifications import mark_read

router = Router(tags=["notifications"])

SEVERAL = (
    "Le répondant de la clé est membre de plusieurs organisations : ses notifications se lisent "
    "sur le site."
)


class NotificationOut(Schema):
    id: int
    kind: str = Field(description="Le genre : « Rappels avant échéance ».")
    subject: str
    page: str = Field(description="L'adresse du site dont il s'agit ; vide s'il n'y en a pas.")
    created_at: ShownInstant
    read_at: ShownInstant | None


class Notifications(Schema):
    items: list[NotificationOut]
    next: str | None = NEXT


class NotificationFilters(Page):
    unread: bool = Field(default=False, description="Celles qui ne sont pas lues seulement.")


def notification_out(row: OutgoingMail) -> NotificationOut:
    return NotificationOut(
        id=row.pk,
        kind=row.kind_label,
        subject=row.subject,
        page=row.page,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def _rows(request: HttpRequest) -> OutgoingMailQuerySet:
    """A notification names no organisation, and colleagues know the key: it gives those of a person
    of one organisation alone, and nothing of their account."""
    user, key = reader(request), caller(request)
    joined = dict(Membership.objects.filter(user=user).values_list("organisation", "created_at"))
    require(set(joined) == {key.organisation_id}, SEVERAL)
    rows = OutgoingMail.objects.notifications_of(user, now=timezone.now())
    rows = rows.filter(is_sensitive=False, created_at__gte=joined[key.organisation_id])
    return rows.exclude(kind=ACCOUNT_MAIL)


@operation(
    router,
    "GET",
    "/notifications",
    name="notification_list",
    scope=Scope.READ,
    summary="Lister les notifications",
    description=(
        "Celles du répondant de la clé, d'un an au plus, depuis qu'il est membre de "
        "l'organisation ; sans celles qui touchent son compte. Membre de plusieurs organisations, "
        "il les lit sur le site."
    ),
    answers={200: (Notifications, "Une page de notifications.")},
)
def notification_list(
    request: HttpRequest, filters: Annotated[NotificationFilters, Query()]
) -> Any:
    found = _rows(request).defer("body_text", "body_html", "attachments", "headers")
    shown = found.unread() if filters.unread else found
    return page_of(request, shown, filters, each(notification_out))


@operation(
    router,
    "POST",
    "/notifications/{int:pk}/read",
    name="notification_mark_read",
    scope=Scope.READ,
    summary="Marquer une notification comme lue",
    answers={200: (NotificationOut, "La notification, lue.")},
)
def notification_mark_read(request: HttpRequest, pk: RowId) -> NotificationOut:
    row = get_object_or_404(_rows(request), pk=pk)
    mark_read(row, now=timezone.now())
    row.refresh_from_db(fields=["read_at"])
    return notification_out(row)
