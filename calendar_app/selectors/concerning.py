"""How far the journal goes, and how far in what concerns a person: read to know whether what was
found for them a moment ago may have changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.enums import Kind

if TYPE_CHECKING:
    from accounts.models import User

LARGE = 20_000
"""Entries of the journal: on a smaller site nothing is kept."""
WINDOW = 1_000
"""Numbers of entries among which one may still be committed after a later one."""

Reach = tuple[int, int]
"""The number of the newest entry, and how many there are among the newest numbers."""

# The window moves by steps: it does not change with each entry.
_NEWEST = """
SELECT coalesce(max(id), 0), count(*) FROM journal_entry
WHERE id > (SELECT coalesce(max(id), 0) / %s * %s - %s FROM journal_entry)"""
_COUNTED_IF = "coalesce(max(id) FILTER (WHERE {0}), 0), count(*) FILTER (WHERE {0})"
_CONCERNS = """
 AND (
    organisation_id IS NULL
    OR subject_type IN ('calendar_app.prestation', 'calendar_app.supplier', 'calendar_app.solution')
    OR organisation_id NOT IN (
        SELECT id FROM accounts_organisation WHERE kind IN (%s, %s) AND id NOT IN ({mine})
        AND id NOT IN (
            SELECT supplier.organisation_id FROM calendar_app_supplier supplier
            JOIN calendar_app_solution solution ON solution.id = supplier.solution_id
            WHERE solution.organisation_id IN ({mine})
        )
        AND id NOT IN (
            SELECT solution.organisation_id FROM calendar_app_solution solution
            JOIN calendar_app_supplier supplier ON supplier.solution_id = solution.id
            WHERE supplier.organisation_id IN ({mine})
        )
    )
)"""


def reach() -> Reach:
    """Of the whole journal."""
    newest, count = _read(_NEWEST)
    return newest, count


def reach_for(user: User) -> tuple[Reach, Reach]:
    """Of the entries that may concern this person; and of those of them that are on no deadline.
    All concern the ANS. An éditeur or a distributeur is not concerned by what those do with whom
    they share no solution; an act on a prestation, a Fournisseur or a solution counts whoever does
    it, since it may change with whom they share one.
    """
    columns = "count(*), " + _COUNTED_IF.format("subject_type <> 'calendar_app.deadline'")
    query, values = _NEWEST.replace("count(*)", columns), []
    if not user.is_ans:
        mine = ",".join(str(int(pk)) for pk in user.roles) or "0"
        query += _CONCERNS.format(mine=mine)
        values = [Kind.EDITEUR.value, Kind.DISTRIBUTEUR.value]
    newest, count, newest_steady, count_steady = _read(query, *values)
    return (newest, count), (newest_steady, count_steady)


def reach_but(models: Sequence[str]) -> tuple[int, int, int]:
    """Of the whole journal, its newest entry; of the entries on anything but these models
    («perf.outage», «perf.%» for all of an app), the number of the newest and how many there are.
    """
    is_other = " AND ".join(["subject_type NOT LIKE %s"] * len(models)) or "TRUE"
    query = _NEWEST.replace("count(*)", _COUNTED_IF.format(is_other))
    with connection.cursor() as cursor:
        cursor.execute(query, [*models, *models, WINDOW, WINDOW, WINDOW])
        newest, other, count = cursor.fetchone()
    return newest, other, count


FEW = 100
"""Deadlines acted on between two visits, whose milestones are counted again one by one."""


def deadlines_since(
    newest_then: int, then: Sequence[Any], newest: int, now: Sequence[Any], but: Sequence[str]
) -> list[int] | None:
    """The deadlines of the entries that came between two answers of `reach_but`; None where others
    came, or too many, or one whose number is not among the newest, or where the window moved.
    """
    if newest // WINDOW != newest_then // WINDOW or not 0 < now[1] - then[1] <= FEW:
        return None
    query = "SELECT subject_type, subject_id, many FROM journal_entry WHERE id > %s"
    query += " AND subject_type NOT LIKE %s" * len(but)
    with connection.cursor() as cursor:
        cursor.execute(query, [newest_then, *but])
        rows = cursor.fetchall()
    many = [json.loads(row[2]) if isinstance(row[2], str) else row[2] for row in rows]
    found = [pk for row, pks in zip(rows, many, strict=True) for pk in (row[1], *pks)]
    is_known = len(rows) == now[1] - then[1] and len(found) <= FEW
    return found if is_known and {row[0] for row in rows} == {"calendar_app.deadline"} else None


def _read(query: str, *values: str) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, [WINDOW, WINDOW, WINDOW, *values])
        found: tuple[int, ...] = cursor.fetchone()
    return found
