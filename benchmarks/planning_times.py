"""`python -m benchmarks.planning_times SHARE`: on an empty database, the times as JSON.

September 2027: the dates of two milestones of prestations come in the next weeks.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import django
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.processor import in_one_process, median, seconds
from benchmarks.report import say

if TYPE_CHECKING:
    from accounts.models import Membership

NOW = dt.datetime(2027, 9, 1, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=10)
DAY = dt.timedelta(days=1)
AMENDED = "ris-6"
DEADLINES = """
    INSERT INTO calendar_app_deadline (organisation_id, dispositif_id, milestone_id, {subject}_id,
        title, code, rule, page, due_at, version, state, state_reason, created_at)
    SELECT s.organisation_id, s.dispositif_id, m.id, s.id, m.title, '', '', '', m.due_at,
        m.date_version, CASE WHEN s.id % 5 = 0 THEN 'DEPOSE' ELSE 'A_FAIRE' END, '', '2026-01-05'
    FROM calendar_app_{subject} s
    JOIN calendar_app_milestone m
        ON m.dispositif_id = s.dispositif_id AND m.scope = upper('{subject}')
"""
CHARGES = """
    INSERT INTO teamwork_charge (subject_type, subject_id, organisation_id, person_id, since)
    SELECT 'calendar_app.deadline', d.id, d.organisation_id, m.person, '2026-06-01'
    FROM calendar_app_deadline d
    JOIN (SELECT organisation_id, min(user_id) AS person FROM accounts_membership GROUP BY 1) m
        USING (organisation_id)
    WHERE d.id % 10 = 0
"""
BARE = """
    INSERT INTO calendar_app_reminder (deadline_id, "right", subject_version, recipient_id, step,
        due_at, state, state_reason, created_at)
    SELECT deadline_id, "right", 1000, recipient_id, step, due_at, state, state_reason, created_at
    FROM calendar_app_reminder
    WHERE subject_version = 2 AND deadline_id IN
        (SELECT id FROM calendar_app_deadline WHERE milestone_id = %s)
"""


def main(share: float) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
    django.setup()
    fill(share)
    from accounts.models import Membership  # noqa: PLC0415  (models load first)
    from calendar_app.models import Deadline  # noqa: PLC0415
    from calendar_app.services.reminders import plan, plan_changes  # noqa: PLC0415

    in_one_process()
    plan(now=NOW, deadlines=Deadline.objects.none())  # loads what a first query loads
    found: dict[str, Any] = {"deadlines": Deadline.objects.count()}
    before = _megabytes()
    rows: list[int] = []
    found["first"] = seconds(lambda: rows.append(plan_changes(now=NOW)))
    found["rows"] = rows[0]
    found["memory"] = _megabytes() - before
    _vacuum()
    found["count"] = median(Deadline.objects.count)
    found["nothing"] = median(lambda: plan_changes(now=NOW + MINUTE))
    found["one"] = _one_changed(Membership.objects.order_by("pk")[0])
    found["again"] = seconds(lambda: plan_changes(now=NOW + DAY))
    found |= _amended()
    say(json.dumps(found))
    return 0


def fill(share: float) -> None:
    market = import_module("benchmarks.population.market")
    size = import_module("benchmarks.population.size").Size(share, NOW)
    call_command("migrate", verbosity=0)
    import_module("calendar_app.services.calendar_loading").load_calendars()
    with transaction.atomic():
        market.fill_market(size)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_membership SET created_at = '2026-01-05'")
        for subject in ("solution", "prestation"):
            cursor.execute(DEADLINES.format(subject=subject))
        cursor.execute(CHARGES)
    _vacuum()


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _one_changed(membership: Membership) -> float:
    """Somebody of the largest kind of organisation has another role, and the journal says so."""
    from accounts.enums import Role  # noqa: PLC0415
    from accounts.services.memberships import membership_change_role  # noqa: PLC0415
    from calendar_app.services.reminders import plan_changes  # noqa: PLC0415
    from journal.rules.by import By  # noqa: PLC0415
    from journal.services import chain  # noqa: PLC0415

    last = membership.organisation.memberships.order_by("-pk")[0]
    by = By.person(membership.user, NOW)
    membership_change_role(membership=last, role=Role.REPRESENTANT, by=by)
    chain.append_all(now=NOW)
    return seconds(lambda: plan_changes(now=NOW + MINUTE))


def _amended() -> dict[str, Any]:
    from calendar_app.models import Deadline, Milestone, MilestoneVersion  # noqa: PLC0415
    from calendar_app.services.reminders import plan  # noqa: PLC0415

    milestone = Milestone.objects.get(code=AMENDED)
    deadlines = Deadline.objects.filter(milestone=milestone)
    due_at = dt.datetime(2027, 9, 29, 10, tzinfo=dt.UTC)
    MilestoneVersion.objects.create(
        milestone=milestone,
        number=2,
        due_at=due_at,
        source="Banc",
        author_name="Banc",
        created_at=NOW,
    )
    deadlines.update(due_at=due_at, version=2)
    _vacuum()
    made: list[int] = []
    amended = seconds(lambda: made.append(plan(now=NOW, deadlines=deadlines)))
    with transaction.atomic(), connection.cursor() as cursor:
        bare = seconds(lambda: cursor.execute(BARE, [milestone.pk]))
        inserted = cursor.rowcount
        bare += seconds(lambda: cursor.execute("SET CONSTRAINTS ALL IMMEDIATE"))  # as at the commit
        transaction.set_rollback(True)
    if inserted != made[0]:
        raise SystemExit(f"{inserted} rows inserted, {made[0]} planned")
    return {
        "amended": amended,
        "bare": bare,
        "moved": made[0],
        "concerned": deadlines.count(),
    }


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
