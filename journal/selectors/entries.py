"""Reads of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from journal.enums import Readers
from journal.models import Entry
from journal.querysets import EntryQuerySet

if TYPE_CHECKING:
    from accounts.models import User


def history(row: models.Model, user: User) -> list[dict[str, Any]]:
    """Entries of `components/_history.html` of an object that this person sees, newest first."""
    return [shown(entry) for entry in readable(Entry.objects.of(row), user)]


def readable(entries: EntryQuerySet, user: User) -> EntryQuerySet:
    """Of objects that the person sees: without what is the ANS's own."""
    found = entries.select_related("signer")
    return found if user.is_ans else found.filter(readers=Readers.ALL)


def shown(entry: Entry) -> dict[str, Any]:
    return {"at": entry.at, "who": str(entry.signer), "what": entry.what, "note": entry.note}
