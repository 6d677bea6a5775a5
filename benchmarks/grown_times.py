"""`python -m benchmarks.grown_times MILLIONS`: on an empty database, the times as JSON."""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import django
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from benchmarks.planning_times import MINUTE, NOW, fill
from benchmarks.processor import in_one_process, median, seconds
from benchmarks.report import say

TURNS = 5
CLOSED, ARCHIVED, CARRIED = 400_000, 600_000, 8
"""Of a million: reminders that are over, in their table and archived; how many a mail has."""
DUE, PEOPLE, MOVED = 1_000, 40, 10_000
REMINDERS = """
    INSERT INTO {table} ({id} deadline_id, "right", subject_version, recipient_id, step, due_at,
        state, state_reason, mail_id, created_at {archived_at})
    SELECT {number} deadline_id, '', 1000 + g,
        (%(people)s::bigint[])[1 + (recipient_id + g * 7) %% cardinality(%(people)s::bigint[])],
        step,
        %(last)s::timestamptz - (row_number() OVER ()) * %(each)s::interval, 'ENVOYE', '',
        %(mail)s + row_number() OVER () / 8, %(now)s {archived}
    FROM generate_series(1, 100) g,
        (SELECT * FROM calendar_app_reminder WHERE deadline_id IS NOT NULL) planned
    LIMIT %(count)s
"""
MAILS = """
    INSERT INTO {table} (id, kind, topic, to_email, subject, body_text, body_html, headers,
        attachments, is_sensitive, page, read_at, dedupe_key, message_id, state, attempts,
        next_attempt_at, doubts, error, created_at, sent_at, user_id {archived_at})
    SELECT n, 'RAPPEL', '', {to_email}, {subject}, '', '', '{{}}', '[]', false, '', at,
        'banc:' || n, '<' || md5(n::text) || '@banc.example>', 'ENVOYE', 1, at, 0, '', at, at,
        person {archived}
    FROM (
        SELECT n, %(last)s::timestamptz - (n - %(mail)s) * %(each)s::interval AS at,
            (%(people)s::bigint[])[1 + n %% cardinality(%(people)s::bigint[])] AS person
        FROM generate_series(%(mail)s, %(mail)s + %(count)s) n
    ) numbered
"""
TAKE = """
    UPDATE calendar_app_reminder SET due_at = %(now)s::timestamptz - interval '10 minutes'
    WHERE id IN (
        SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY recipient_id ORDER BY deadline_id, step) n
            FROM calendar_app_reminder
            WHERE state = 'PREVU' AND recipient_id IN (
                SELECT recipient_id FROM calendar_app_reminder WHERE state = 'PREVU'
                GROUP BY 1 HAVING count(*) >= %(each)s ORDER BY 1 LIMIT %(people)s)
        ) ranked WHERE n <= %(each)s
    )
"""
DAY = dt.timedelta(days=1)


def main(millions: float) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
    django.setup()
    fill(1.0)
    call_command("createcachetable")
    call_command("collectstatic", interactive=False, verbosity=0)
    from calendar_app.services.reminders import plan_changes  # noqa: PLC0415  (models load first)

    in_one_process()
    plan_changes(now=NOW)
    rows = _grow(millions)
    times = {"planning, nothing changed": median(lambda: plan_changes(now=NOW + MINUTE))}
    times |= _due()
    times |= _pages()
    times |= _archiving()
    say(json.dumps({"times": times, "rows": rows}))
    return 0


def _grow(millions: float) -> dict[str, int]:
    """The past: closed reminders of the last 89 days and their mails, and what is archived. Their
    recipients are not those of the deadlines now: nobody gets a hundred reminders of one.
    """
    from calendar_app.models import ArchivedReminder, Reminder  # noqa: PLC0415  (models load first)
    from mailing.models import ArchivedMail, OutgoingMail  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign key is checked
        cursor.execute("SET statement_timeout = 0")
        _insert(cursor, closed=int(CLOSED * millions), archived=int(ARCHIVED * millions))
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout; RESET session_replication_role")
        cursor.execute("SELECT pg_database_size(current_database()) / 1000000")
        size = cursor.fetchone()[0]
    return {
        "reminders in their table": Reminder.objects.count(),
        "reminders archived": ArchivedReminder.objects.count(),
        "mails in the ledger": OutgoingMail.objects.count(),
        "mails archived": ArchivedMail.objects.count(),
        "MB": size,
    }


def _insert(cursor: Any, *, closed: int, archived: int) -> None:
    from accounts.models import User  # noqa: PLC0415  (models load first)

    people = list(User.objects.filter(memberships__isnull=False).values_list("pk", flat=True))
    first = closed // CARRIED + 2
    recent: dict[str, Any] = {
        "now": NOW,
        "last": NOW - DAY,
        "people": people,
        "mail": 1,
        "count": closed // CARRIED,
    }
    past = {**recent, "last": NOW - 400 * DAY, "mail": first, "count": archived // CARRIED}
    stamp = {"archived_at": ", archived_at", "archived": ", %(now)s"}
    in_table = {"archived_at": "", "archived": "", "id": "", "number": ""}
    for table, given, names in (
        (
            "mailing_outgoingmail",
            recent,
            {"to_email": "'a@banc.example'", "subject": "'Rappel'"},
        ),
        ("mailing_archivedmail", past, {"to_email": "''", "subject": "''", **stamp}),
    ):
        each = dt.timedelta(days=300) / given["count"]
        cursor.execute(MAILS.format(**{**in_table, **names}, table=table), {**given, "each": each})
    for table, given, count, names in (
        ("calendar_app_archivedreminder", past, archived, {"id": "id,", **stamp}),
        ("calendar_app_reminder", recent, closed, {}),
    ):
        words = {**in_table, **names}
        if names:
            words["number"] = "1000000000 + row_number() OVER (),"
        each = dt.timedelta(days=88) / count
        values: dict[str, Any] = {**given, "count": count, "each": each}
        cursor.execute(REMINDERS.format(**words, table=table), values)
    for table in ("mailing_outgoingmail", "mailing_archivedmail"):
        cursor.execute(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"  # noqa: S608
        )


def _due() -> dict[str, float]:
    from calendar_app.selectors.reminders import due_rows  # noqa: PLC0415  (models load first)
    from calendar_app.services.reminders import dispatch  # noqa: PLC0415

    now = NOW + 2 * MINUTE
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"now": now, "people": PEOPLE, "each": DUE // PEOPLE})
    _analyze("calendar_app_reminder")
    people = due_rows(now).order_by("recipient").values_list("recipient", flat=True).distinct()

    def write() -> None:
        with transaction.atomic():
            dispatch(now=now)
            transaction.set_rollback(True)

    write()
    return {
        f"find who has one of {due_rows(now).count():,} due": median(lambda: list(people.all())),
        "write all of them as mails": statistics.median(seconds(write) for _ in range(TURNS)),
    }


def _pages() -> dict[str, float]:
    from accounts.models import User  # noqa: PLC0415  (models load first)
    from calendar_app.models import ArchivedReminder, Reminder  # noqa: PLC0415
    from mailing.models import ArchivedMail, OutgoingMail  # noqa: PLC0415

    live = OutgoingMail.objects.filter(user__isnull=False, reminders__isnull=False).order_by("pk")[
        5
    ]
    old = ArchivedMail.objects.order_by("pk")[5]
    planned = Reminder.objects.filter(mail=live)[0]
    assert planned.deadline  # noqa: S101  (made so)
    if not ArchivedReminder.objects.filter(mail_id=old.pk).exists():
        raise SystemExit("no archived reminder of an archived mail")
    reader = User.objects.filter(memberships__organisation=planned.deadline.organisation)[0]
    responsable = User.objects.filter(memberships__role="RESPONSABLE").order_by("pk")[0]
    pages = {
        "page of a deadline": (reader, planned.page),
        "page of a mail": (live.user, f"/rappels/courriels/{live.pk}/"),
        "page of an archived mail": (old.user, f"/rappels/courriels/{old.pk}/"),
        "reminders of a person": (old.user, "/rappels/"),
        "notifications": (old.user, "/notifications/"),
        "mails of the site, grows": (responsable, "/courriels/?vue=partis"),
    }
    return {name: _visit(*given) for name, given in pages.items()}


def _visit(user: Any, path: str) -> float:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)

    def get() -> None:
        cache.clear()
        if (status := client.get(path).status_code) != HTTPStatus.OK:
            raise SystemExit(f"{path}: {status}")

    get()
    return median(get, TURNS)


def _archiving() -> dict[str, float]:
    """The tasks, of MOVED rows, and of none: a run looks at the whole table."""
    from calendar_app.models import Reminder  # noqa: PLC0415  (models load first)
    from calendar_app.services.reminders import archive  # noqa: PLC0415
    from mailing.models import OutgoingMail  # noqa: PLC0415
    from mailing.services import archiving  # noqa: PLC0415

    found = {
        "archiving of reminders, none, grows": _moved(lambda: archive(now=NOW), 0),
        "archiving of mails, none, grows": _moved(lambda: archiving.archive(now=NOW), 0),
    }
    past = NOW - 91 * DAY
    over = Reminder.objects.filter(state="ENVOYE").order_by("pk").values_list("pk", flat=True)
    Reminder.objects.filter(pk__in=list(over[:MOVED])).update(due_at=past)
    found["archiving of 10,000 reminders, grows"] = _moved(lambda: archive(now=NOW), MOVED)
    keys = list(OutgoingMail.objects.order_by("pk").values_list("pk", flat=True)[:MOVED])
    Reminder.objects.filter(mail__in=keys).update(mail=None)
    forgotten = {"subject": "", "to_email": "", "created_at": past}
    OutgoingMail.objects.filter(pk__in=keys).update(**forgotten)
    found["archiving of 10,000 mails, grows"] = _moved(lambda: archiving.archive(now=NOW), MOVED)
    return found


def _moved(run: Callable[[], int], expected: int) -> float:
    moved: list[int] = []
    taken = seconds(lambda: moved.append(run()))
    if moved != [expected]:
        raise SystemExit(f"{moved[0]} moved, {expected} expected")
    return taken


def _analyze(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {table}")


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
