"""What the clock asks of the planning: everything once a day, and between, what has changed.

The journal says what has changed: each act leaves an entry that names its organisation or its
person, and the chain links the entries in the order in which they were committed, so that none is
passed over. Preferences are no act; they have their instant. All steps leave at 9:00 and rows are
made 31 days ahead, so that a change of which neither speaks is made good by the run of the next
day, before anything leaves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max, Q

from accounts.models import Membership, User
from calendar_app.models import Deadline, PlanningRun, ReminderPreference, Supplier
from calendar_app.services.reminders.planning import plan
from journal.models import Entry, Link
from journal.querysets import type_of
from journal.services.chain import SLOWEST
from segur.lib import paris


@transaction.atomic
def plan_changes(*, now: dt.datetime) -> int:
    """Plan everything at the first run of a Paris day, then the organisations in which something
    has changed since the last run. Returns how many rows were made.

    Nothing changed: four queries, whatever the size of the park. Two runs at once only plan the
    same twice.
    """
    run = PlanningRun.objects.first()
    last = Link.objects.aggregate(last=Max("number"))["last"] or 0
    if run is None or paris.day(run.complete_at) != paris.day(now) or last < run.link:
        made = plan(now=now)
        defaults = {"complete_at": now, "ran_at": now, "link": last}
        PlanningRun.objects.update_or_create(pk=1, defaults=defaults)
        return made
    made = _plan_organisations(_changed(run, last), now)
    PlanningRun.objects.filter(pk=run.pk).update(ran_at=now, link=last)
    return made


def _plan_organisations(organisations: set[int], now: dt.datetime) -> int:
    if not organisations:
        return 0
    sides = Q(organisation__in=organisations) | Q(solution__organisation__in=organisations)
    return plan(
        now=now,
        deadlines=Deadline.objects.filter(organisation__in=organisations),
        suppliers=Supplier.objects.filter(sides),
    )


def _changed(run: PlanningRun, last: int) -> set[int]:
    """Organisations of the entries, and those of the people of whom or by whom they are."""
    organisations: set[int] = set()
    people: set[int] = set()
    if last > run.link:
        links = Link.objects.filter(number__gt=run.link, number__lte=last)
        rows = Entry.objects.filter(pk__in=links.values("entry_id"))
        names = ("organisation_id", "signer__user_id", "subject_type", "subject_id")
        for organisation, signer, kind, subject in rows.order_by().values_list(*names).distinct():
            organisations.add(organisation)
            people |= {signer, subject} if kind == type_of(User) else {signer}
    recent = ReminderPreference.objects.filter(updated_at__gt=run.ran_at - SLOWEST)
    people.update(recent.values_list("user", flat=True))
    return (organisations | _organisations_of(people)) - {None}


def _organisations_of(people: Iterable[int | None]) -> set[int]:
    users = {one for one in people if one}
    if not users:
        return set()
    rows = Membership.objects.filter(user__in=users, organisation__is_active=True)
    return set(rows.values_list("organisation", flat=True))
