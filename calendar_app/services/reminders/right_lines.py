"""What a reminder says of the rights that end, each of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import prefetch_related_objects

from accounts.enums import Role
from calendar_app.enums import Channel, State
from calendar_app.models import Reminder, Supplier
from calendar_app.rules.reminder_words import Item
from calendar_app.selectors.reminders import renewers
from mailing.services.links import absolute
from segur.lib.remaining import time_left

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User


class ReminderLine(NamedTuple):
    """One thing that the mail is about: how it is worded, where one acts, and its group."""

    item: Item
    url: str
    group: dict[str, Any]


def lines_of_rights(rows: list[Reminder], user: User, now: dt.datetime) -> Iterator[ReminderLine]:
    """Each right of its own: who renews it, and what rests on it."""
    about = [row for row in rows if row.supplier_id]
    if not about:
        return
    prefetch_related_objects(about, "supplier__organisation", "supplier__solution__dispositif")
    known = renewers(Supplier.objects.filter(pk__in={row.supplier_id for row in about}))
    for row in about:
        who, count = known[row.key]
        role, organisation = _side(row, user)
        url = absolute(row.page)
        supplier, last = str(row.about), time_left(row.last_at, now)
        item = Item(
            title=f"{row.title} de {row.supplier.organisation}" if row.supplier else row.title,
            dispositif=row.dispositif.short_name,
            due_at=row.last_at,
            state=State.TO_DO,
            is_draft=False,
            channel=Channel.HERE,
            step=row.step,
            role=role,
            organisation=organisation,
            is_early=False,
            is_delay=True,
            is_right=True,
        )
        rests = f"{count} demande{'s' * (count > 1)} de paiement en dépend{'ent' * (count > 1)}"
        line: dict[str, Any] = {"subject": supplier, "organisation": organisation, "url": url}
        line |= {"rule": f"Qui doit agir : {who}. {rests}", "person": ""}
        line |= {"is_draft": False, "unmet": []}
        group = {"title": row.title, "dispositif": item.dispositif, "left": last, "unmet": []}
        yield ReminderLine(item, url, {**group, "channel": "", "channel_url": "", "items": [line]})


def _side(row: Reminder, user: User) -> tuple[Role, str]:
    """The role of the reader on the side that they belong to, and the name of that side."""
    assert row.supplier is not None  # noqa: S101  (reminder_has_one_subject)
    supplier = row.supplier
    for side in (supplier.organisation, supplier.solution.organisation):
        if role := user.roles.get(side.pk):
            return role, side.name
    return Role.SALARIE, supplier.organisation.name
