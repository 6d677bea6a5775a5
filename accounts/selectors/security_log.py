"""What a person reads of the security log: what was done with their own account."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from journal.models import Entry
from journal.querysets import type_of


@dataclass(frozen=True, slots=True)
class SecurityLine:
    at: dt.datetime
    what: str
    device: str
    place: str


def entries_about(user: User) -> QuerySet[Entry]:
    rows = Entry.objects.filter(subject_type=type_of(user), subject_id=user.pk)
    return rows.filter(act__startswith="security.").order_by("-at", "-pk")


def line_of(entry: Entry) -> SecurityLine:
    return SecurityLine(entry.at, entry.what, entry.after["device"], entry.after["place"])
