"""`make bench`: a thousand reminders that are due, found and written as mails, among
10⁴, 10⁵ and 10⁶ that are scheduled. On a throw-away PostgreSQL, processor time; each dispatch is
undone.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
from importlib import import_module

import django
from django.db import connection, transaction

from benchmarks.processor import in_one_process, median, seconds
from benchmarks.report import machine, say
from tests.services import postgres

SCHEDULED = (10_000, 100_000, 1_000_000)
DUE, PEOPLE = 1_000, 40
TARGET = 1.5
TURNS = 5
SHARE = 0.1
"""Of the programme: 12,000 deadlines."""
FILL = """
    INSERT INTO calendar_app_reminder (deadline_id, "right", subject_version, recipient_id, step,
        due_at, state, state_reason, created_at)
    SELECT d.id, '', 1, u.id, s.step,
        %(now)s::timestamptz + (row_number() OVER () %% 700 + 1) * interval '1 hour', 'PREVU', '',
        %(now)s
    FROM generate_series(1, 30) s (step), calendar_app_deadline d
    JOIN LATERAL (SELECT user_id AS id FROM accounts_membership m
        WHERE m.organisation_id = d.organisation_id ORDER BY user_id LIMIT 4) u ON true
    ORDER BY d.id, u.id, s.step LIMIT %(count)s
"""
TAKE = """
    UPDATE calendar_app_reminder r SET due_at = %(now)s::timestamptz - interval '10 minutes'
    FROM (
        SELECT id FROM (
            SELECT id, dense_rank() OVER (ORDER BY recipient_id) AS person,
                row_number() OVER (PARTITION BY recipient_id ORDER BY deadline_id, step) AS n
            FROM calendar_app_reminder
        ) ranked WHERE person <= %(people)s AND n <= %(each)s
    ) chosen WHERE chosen.id = r.id
"""


def main() -> int:
    """Prints the table; 0 if the target is met, else 1."""
    with postgres() as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DATABASE_POOL"] = "0"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
        django.setup()
        now = dt.datetime(2027, 9, 1, 8, tzinfo=dt.UTC)
        import_module("benchmarks.planning_times").fill(SHARE)
        in_one_process()
        found = [_measured(count, now) for count in SCHEDULED]
    say(f"\n# {DUE:,} reminders that are due, of {PEOPLE} people\n")
    say(f"{machine()} · PostgreSQL · medians of {TURNS} turns, processor time\n")
    say("| scheduled | find who has one, ms | find and write all, ms |\n|---:|---:|---:|")
    for count, (scan, dispatch) in zip(SCHEDULED, found, strict=True):
        say(f"| {count:,} | {1000 * scan:.1f} | {1000 * dispatch:.0f} |")
    growth = [last / first for first, last in zip(found[0], found[-1], strict=True)]
    say(f"\nLast ÷ first: × {growth[0]:.2f} and × {growth[1]:.2f} (asked: {TARGET}).")
    return int(max(growth) > TARGET)


def _measured(count: int, now: dt.datetime) -> tuple[float, float]:
    from calendar_app.models import Reminder  # noqa: PLC0415  (models load first)
    from calendar_app.selectors.reminders import due_rows  # noqa: PLC0415
    from calendar_app.services.reminders import dispatch  # noqa: PLC0415

    given: dict[str, int | dt.datetime] = {
        "now": now,
        "count": count,
        "people": PEOPLE,
        "each": DUE // PEOPLE,
    }
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE calendar_app_reminder")
        cursor.execute(FILL, given)
        cursor.execute(TAKE, given)
        cursor.execute("VACUUM ANALYZE")
    if (Reminder.objects.count(), due_rows(now).count()) != (count, DUE):
        raise SystemExit(f"{Reminder.objects.count()} rows, {due_rows(now).count()} due")
    people = due_rows(now).order_by("recipient").values_list("recipient", flat=True).distinct()

    def write() -> None:
        with transaction.atomic():
            dispatch(now=now)
            transaction.set_rollback(True)

    write()
    scan = median(lambda: list(people.all()), TURNS)
    return scan, statistics.median(seconds(write) for _ in range(TURNS))


if __name__ == "__main__":
    sys.exit(main())
