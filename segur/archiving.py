"""Move what is over out of a table that is read all the time, into its archive."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef

BATCH = 10_000
RUN_SECONDS = 200.0
"""Less than a task may last (CELERY_TASK_TIME_LIMIT): the next run moves the others."""
STAMP = "archived_at"


def move(
    rows: models.QuerySet[Any], archive: type[models.Model], *, now: dt.datetime, batch: int = BATCH
) -> int:
    """Move these rows to `archive`, whose columns are theirs and `archived_at`; returns how many.

    A row that another row refers to stays. Each batch is a transaction: whenever the task is
    killed, every row is in one of the two tables.
    """
    for relation in rows.model._meta.related_objects:  # noqa: SLF001  (documented by Django)
        field = relation.field
        referring = field.model._base_manager.filter(**{field.name: OuterRef("pk")})  # noqa: SLF001
        rows = rows.exclude(Exists(referring))
    count, last, stop = 0, 0, time.monotonic() + RUN_SECONDS
    while time.monotonic() < stop:
        keys = _move_batch(rows.filter(pk__gt=last).order_by("pk"), archive, now, batch)
        if not keys:
            break
        count, last = count + len(keys), keys[-1]
    return count


@transaction.atomic
def _move_batch(
    rows: models.QuerySet[Any], archive: type[models.Model], now: dt.datetime, batch: int
) -> list[int]:
    """Locked, so that what changes meanwhile is moved as it has become, or stays."""
    keys = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:batch])
    if not keys:
        return []
    fields = [one for one in archive._meta.concrete_fields if one.name != STAMP]  # noqa: SLF001
    moved = rows.model._base_manager.filter(pk__in=keys)  # noqa: SLF001
    select, values = moved.values_list(*(one.attname for one in fields)).query.sql_with_params()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(one.column)) for one in fields)
    table = quote(archive._meta.db_table)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}, {quote(STAMP)}) "  # noqa: S608  (names of models)
            f"SELECT moved.*, %s FROM ({select}) moved",
            [connection.ops.adapt_datetimefield_value(now), *values],
        )
    moved._raw_delete(moved.db)  # noqa: SLF001  (nothing refers to them: no collecting)
    return keys
