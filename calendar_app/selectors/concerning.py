"""How far the journal goes, and how far in what concerns a person: read to know whether what was
found for them a moment ago may have changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
    return _read(_NEWEST)


def reach_for(user: User) -> Reach:
    """Of the entries that may concern this person. All concern the ANS. An éditeur or a
    distributeur is not concerned by what those do with whom they share no solution; an act on a
    prestation, a Fournisseur or a solution counts whoever does it, since it may change with whom
    they share one.
    """
    if user.is_ans:
        return reach()
    mine = ",".join(str(int(pk)) for pk in user.roles) or "0"
    return _read(_NEWEST + _CONCERNS.format(mine=mine), Kind.EDITEUR.value, Kind.DISTRIBUTEUR.value)


def reach_but(models: Sequence[str]) -> tuple[int, int, int]:
    """Of the whole journal, its newest entry; of the entries on anything but these models
    («perf.outage», «perf.%» for all of an app), the number of the newest and how many there are.
    """
    is_other = " AND ".join(["subject_type NOT LIKE %s"] * len(models)) or "TRUE"
    columns = f"coalesce(max(id) FILTER (WHERE {is_other}), 0), count(*) FILTER (WHERE {is_other})"
    query = _NEWEST.replace("count(*)", columns)
    with connection.cursor() as cursor:
        cursor.execute(query, [*models, *models, WINDOW, WINDOW, WINDOW])
        newest, other, count = cursor.fetchone()
    return newest, other, count


def _read(query: str, *values: str) -> Reach:
    with connection.cursor() as cursor:
        cursor.execute(query, [WINDOW, WINDOW, WINDOW, *values])
        newest, count = cursor.fetchone()
    return newest, count
