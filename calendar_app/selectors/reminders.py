"""Who is reminded of what: members, their wishes, and the facts that decide on due reminders."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Q, QuerySet

from accounts.selectors.people import Ids, members_of
from calendar_app.enums import REMINDER_MAIL, ReminderState
from calendar_app.models import Deadline, Reminder, ReminderPreference
from calendar_app.rules.reminded import Key, Reminded
from calendar_app.rules.steps import reminded_roles
from calendar_app.rules.triage import DueReminder
from calendar_app.rules.wishes import Preference, Wishes
from calendar_app.selectors.reminded import subjects_of
from journal.querysets import type_of
from segur.lib import paris
from teamwork.models import Charge
from teamwork.selectors.absences import absences_in_force
from teamwork.selectors.charges import charges_by_key


def wishes_of(users: Ids) -> dict[int, Wishes]:
    """User id → what this person wants; without a choice, the defaults. One query."""
    general: dict[int, Preference] = {}
    overrides: dict[int, dict[int, Preference]] = defaultdict(dict)
    for row in ReminderPreference.objects.filter(user__in=users):
        if row.dispositif_id is None:
            general[row.user_id] = as_preference(row)
        else:
            overrides[row.user_id][row.dispositif_id] = as_preference(row)
    found: dict[int, Wishes] = defaultdict(Wishes)
    for user_id in general.keys() | overrides.keys():
        found[user_id] = Wishes(general.get(user_id, Preference()), overrides[user_id])
    return found


def as_preference(row: ReminderPreference) -> Preference:
    return Preference(
        steps=frozenset(row.steps),
        early=row.early,
        muted_kinds=frozenset(row.muted_kinds),
        paused_until=row.paused_until,
        since=row.updated_at,
        quiet=row.quiet,
    )


class Reader(NamedTuple):
    """A member, or who stands in for one up to the day `until`: then `member_id` is the other."""

    user_id: int
    role: str
    since: dt.datetime
    member_id: int
    until: dt.date | None = None


def readers_of(organisations: Ids, now: dt.datetime) -> dict[int, list[Reader]]:
    """Organisation id → its members, and those who stand in for some. A fixed number of queries."""
    members = members_of(organisations)
    everybody = {one.user_id for group in members.values() for one in group}
    away = absences_in_force(everybody, now)
    found: dict[int, list[Reader]] = defaultdict(list)
    for organisation, group in members.items():
        for one in group:
            found[organisation].append(Reader(one.user_id, one.role, one.since, one.user_id))
            if absence := away.get(one.user_id):
                found[organisation].append(
                    Reader(
                        absence.stand_in_id,
                        one.role,
                        absence.declared_at,
                        one.user_id,
                        absence.until,
                    )
                )
    return found


def charges_among(keys: Iterable[Key]) -> dict[Key, Charge]:
    """Who is in charge of these deadlines; rights have nobody. One query."""
    deadlines = [pk for right, pk in keys if not right]
    return {("", pk): charge for pk, charge in charges_by_key(Deadline, deadlines).items()}


def charged_people(deadlines: QuerySet[Deadline]) -> set[int]:
    """Who is in charge of some of these deadlines. One query."""
    keys = deadlines.order_by().values("pk")
    charges = Charge.objects.filter(subject_type=type_of(Deadline), subject_id__in=keys)
    return set(charges.values_list("person_id", flat=True))


def is_reminded(
    reader: Reader,
    readers: Iterable[Reader],
    step: int,
    *,
    early: bool,
    charge: Charge | None = None,
) -> bool:
    """By role; at every step for somebody who asked for the early ones, and for who is in charge.
    A stand-in is reminded as the absent member would be."""
    if charge is not None and charge.person_id == reader.member_id:
        return True
    present = {other.role for other in readers}
    return early or reader.role in reminded_roles(step, present)


def due_rows(now: dt.datetime) -> QuerySet[Reminder]:
    """What is due and not yet settled, whoever receives it."""
    return Reminder.objects.filter(state=ReminderState.SCHEDULED, due_at__lte=now)


def facts(rows: list[Reminder], *, now: dt.datetime) -> list[DueReminder[Reminder]]:
    """What decides on these reminders, whose `deadline` is loaded. A fixed number of queries.

    For a row that is not due yet, what is wanted is asked of its own day.
    """
    subjects = subjects_of(rows)
    readers = readers_of({pk for one in subjects for pk in one.organisations}, now)
    wishes = wishes_of({row.recipient_id for row in rows})
    charges = charges_among(one.key for one in subjects)
    nearest = _nearest_gone(rows)
    return [
        DueReminder(
            key=row,
            recipient_id=row.recipient_id,
            subject=row.key,
            step=row.step,
            last_at=about.due_at,
            is_current=row.subject_version == about.version,
            is_open=about.is_open,
            is_concerned=_is_concerned(row, about, readers, wishes, charges.get(about.key)),
            is_outrun=nearest.get(_subject(row), row.step) < row.step,
            answer=wishes[row.recipient_id].answer(
                REMINDER_MAIL,
                dispositif_id=about.dispositif_id,
                step=row.step,
                day=paris.day(max(now, row.due_at)),
            ),
        )
        for row, about in zip(rows, subjects, strict=True)
    ]


def _is_concerned(
    row: Reminder,
    about: Reminded,
    readers: Mapping[int, list[Reader]],
    wishes: Mapping[int, Wishes],
    charge: Charge | None,
) -> bool:
    early = wishes[row.recipient_id].about(about.dispositif_id).early
    return any(
        reader.user_id == row.recipient_id
        and is_reminded(reader, readers[organisation], row.step, early=early, charge=charge)
        for organisation in about.organisations
        for reader in readers[organisation]
    )


def _subject(row: Reminder) -> tuple[Key, int, int]:
    return row.key, row.subject_version, row.recipient_id


def _nearest_gone(rows: list[Reminder]) -> dict[tuple[Key, int, int], int]:
    """The step nearest to the date that each person was already sent, or is being sent."""
    about = Q(deadline__in={row.deadline_id for row in rows if row.deadline_id})
    about |= Q(supplier__in={row.supplier_id for row in rows if row.supplier_id})
    gone = Reminder.objects.filter(
        about,
        recipient__in={row.recipient_id for row in rows},
        state__in=[ReminderState.CLAIMED, ReminderState.SENT, ReminderState.UNKNOWN],
    )
    nearest: dict[tuple[Key, int, int], int] = {}
    for row in gone.defer("state_reason"):
        nearest[_subject(row)] = min(row.step, nearest.get(_subject(row), row.step))
    return nearest
