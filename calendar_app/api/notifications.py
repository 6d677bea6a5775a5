"""What happened: the notifications of who answers for the key."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from accounts.api import caller, reader
from accounts.models import Membership
from api.enums import Scope
from api.operations import operation
from api.paging import Page
from api.resources import Resource
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
    kind: str = Field(
        validation_alias="kind_label", description="Le genre : « Rappels avant échéance »."
    )
    subject: str
    page: str = Field(description="L'adresse du site dont il s'agit ; vide s'il n'y en a pas.")
    created_at: ShownInstant
    read_at: ShownInstant | None


class NotificationFilters(Page):
    unread: bool = Field(default=False, description="Celles qui ne sont pas lues seulement.")

    def filter_unread(self, value: bool) -> Q:
        return Q(read_at=None) if value else Q()


def _rows(request: HttpRequest) -> OutgoingMailQuerySet:
    """A notification names no organisation, and colleagues know the key: it gives those of a person
    of one organisation alone, and nothing of their account."""
    user, key = reader(request), caller(request)
    joined = dict(Membership.objects.filter(user=user).values_list("organisation", "created_at"))
    require(set(joined) == {key.organisation_id}, SEVERAL)
    rows = OutgoingMail.objects.notifications_of(user, now=timezone.now())
    rows = rows.filter(is_sensitive=False, created_at__gte=joined[key.organisation_id])
    return rows.exclude(kind=ACCOUNT_MAIL).without_content()


notifications = Resource(router, NotificationOut, _rows)
notifications.lists(
    "/notifications",
    name="notification_list",
    summary="Lister les notifications",
    description=(
        "Celles du répondant de la clé, d'un an au plus, depuis qu'il est membre de "
        "l'organisation ; sans celles qui touchent son compte. Membre de plusieurs organisations, "
        "il les lit sur le site."
    ),
    filters=NotificationFilters,
    answer="Une page de notifications.",
)


@operation(
    router,
    "POST",
    "/notifications/{int:pk}/read",
    scope=Scope.READ,
    summary="Marquer une notification comme lue",
    answers={200: (NotificationOut, "La notification, lue.")},
)
def notification_mark_read(request: HttpRequest, pk: RowId) -> NotificationOut:
    row = notifications.get(request, pk)
    mark_read(row, now=timezone.now())
    row.refresh_from_db(fields=["read_at"])
    return notifications.out(request, row)
