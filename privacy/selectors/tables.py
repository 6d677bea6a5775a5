"""What an organisation takes with it: each app registers its tables and its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.models import Organisation, User
from documents.services.archive import ArchivedFile

Files: TypeAlias = Callable[[Organisation, User], Iterator[ArchivedFile]]
BATCH = 500


@dataclass(frozen=True)
class Table:
    """Rows of a model whose manager has `visible_to`; `organisation` leads from a row to its
    organisation, `fields` are those that are given."""

    name: str
    model: type[models.Model]
    organisation: str
    fields: tuple[str, ...]

    def rows(self, organisation: Organisation, user: User) -> models.QuerySet[Any, Any]:
        manager: Any = self.model._default_manager  # noqa: SLF001  (documented by Django)
        seen = manager.visible_to(user).filter(**{self.organisation: organisation.pk})
        found: models.QuerySet[Any, Any] = seen.order_by("pk").values("pk", *self.fields)
        return found


TABLES: list[Table] = []
FILES: list[Files] = []


def add_tables(*tables: Table) -> None:
    """From `registrations.py` of an app."""
    TABLES.extend(table for table in tables if table not in TABLES)


def add_files(files: Files) -> None:
    """From `registrations.py` of an app."""
    if files not in FILES:
        FILES.append(files)


def json_lines(rows: models.QuerySet[Any, Any]) -> Iterator[bytes]:
    """The rows as one JSON list, a row a line, read and written a few at a time."""
    yield b"["
    before = b"\n"
    for row in rows.iterator(BATCH):
        words = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield before + words.encode()
        before = b",\n"
    yield b"\n]\n"
