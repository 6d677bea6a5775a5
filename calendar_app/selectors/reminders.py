"""Who is reminded of what: members, their wishes, the deadlines and the rights that end, and the
facts that decide on due reminders.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.selectors.people import Ids, members_of
from calendar_app.enums import REMINDER_MAIL, ReminderState
from calendar_app.models import Deadline, Reminder, ReminderPreference, Supplier
from calendar_app.rules.reminded import RIGHT_STEPS, Key, Reminded
from calendar_app.rules.rights import ends
from calendar_app.rules.steps import DEFAULT_STEPS, reminded_roles
from calendar_app.rules.triage import DueReminder
from calendar_app.rules.wishes import Preference, Wishes
from calendar_app.selectors.rights import facts_by_supplier, with_open_steps
from journal.querysets import type_of
from segur.lib import paris
from segur.lib.months import end_of
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


def of_deadline(deadline: Deadline | Any) -> Reminded:
    """Loaded with `amended_at`, which bounds its past, where that is asked."""
    bounds = [
        deadline.created_at,
        deadline.moved_at,
        deadline.reopened_at,
        getattr(deadline, "amended_at", None),
    ]
    return Reminded(
        key=("", deadline.pk),
        version=deadline.version,
        due_at=deadline.fixed_at,
        since=max(bound for bound in bounds if bound),
        is_open=deadline.is_open,
        organisations=(deadline.organisation_id,),
        dispositif_id=deadline.dispositif_id,
        steps=deadline.steps or DEFAULT_STEPS,
    )


def ending_rights(suppliers: QuerySet[Supplier]) -> dict[Key, Reminded]:
    """Each right that ends, of the Fournisseurs whose money steps still rest on it; both sides are
    reminded, the Fournisseur and the éditeur. Two queries.
    """
    rows = list(with_open_steps(suppliers))
    facts = facts_by_supplier(rows)
    found = {}
    for supplier in rows:
        sides = (supplier.organisation_id, supplier.solution.organisation_id)
        for right, last, _who in ends(facts[supplier.pk]):
            key = (str(right), supplier.pk)
            found[key] = Reminded(
                key=key,
                version=last.toordinal(),
                due_at=end_of(last),
                since=supplier.created_at,
                is_open=True,
                organisations=tuple(dict.fromkeys(sides)),
                dispositif_id=supplier.solution.dispositif_id,
                steps=RIGHT_STEPS,
            )
    return found


def renewers(suppliers: QuerySet[Supplier]) -> dict[Key, tuple[str, int]]:
    """Who renews each of these rights, and how many requests of payment rest on it."""
    rows = list(with_open_steps(suppliers))
    facts = facts_by_supplier(rows)
    return {
        (str(right), row.pk): (who, getattr(row, "steps", 0))
        for row in rows
        for right, _last, who in ends(facts[row.pk])
    }


def subjects_of(rows: list[Reminder]) -> list[Reminded]:
    """What each of these reminders, whose `deadline` is loaded, is about. Two queries where some
    are about rights."""
    suppliers = {row.supplier_id for row in rows if row.supplier_id}
    rights = ending_rights(Supplier.objects.filter(pk__in=suppliers)) if suppliers else {}
    return [
        of_deadline(row.deadline) if row.deadline_id else rights.get(row.key) or _gone(row)
        for row in rows
    ]


def _gone(row: Reminder) -> Reminded:
    """A right on which nothing rests any more, or which has no term."""
    return Reminded(
        key=row.key,
        version=row.subject_version,
        due_at=row.last_at,
        since=dt.datetime.min.replace(tzinfo=dt.UTC),
        is_open=False,
        organisations=(),
        dispositif_id=0,
        steps=RIGHT_STEPS,
    )
