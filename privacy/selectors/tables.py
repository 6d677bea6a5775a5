"""What an organisation takes with it: each app registers its tables and its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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
    organisation, `fields` are those that are given, `shown` gives, for some, what the reader
    may know of the stored value."""

    name: str
    model: type[models.Model]
    organisation: str
    fields: tuple[str, ...]
    shown: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict, hash=False)

    def rows(self, organisation: Organisation, user: User) -> Iterator[dict[str, Any]]:
        """Read a few at a time."""
        manager: Any = self.model._default_manager  # noqa: SLF001  (documented by Django)
        seen = manager.visible_to(user).filter(**{self.organisation: organisation.pk})
        for row in seen.order_by("pk").values("pk", *self.fields).iterator(BATCH):
            yield row | {name: show(row[name]) for name, show in self.shown.items()}


TABLES: list[Table] = []
FILES: list[Files] = []


def add_tables(*tables: Table) -> None:
    """From `registrations.py` of an app."""
    TABLES.extend(table for table in tables if table not in TABLES)


def add_files(files: Files) -> None:
    """From `registrations.py` of an app."""
    if files not in FILES:
        FILES.append(files)


def json_lines(rows: Iterable[Any]) -> Iterator[bytes]:
    """The rows as one JSON list, a row a line, each written as it is read."""
    yield b"["
    before = b"\n"
    for row in rows:
        words = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield before + words.encode()
        before = b",\n"
    yield b"\n]\n"
