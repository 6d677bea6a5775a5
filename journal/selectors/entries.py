"""Reads of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models

from journal.models import Entry, Signer, Tracked
from journal.querysets import CREATE, EDIT, EntryQuerySet, act_of
from segur.lib.tables import Cell

if TYPE_CHECKING:
    from accounts.models import User


def history(row: models.Model, user: User) -> list[dict[str, Any]]:
    """Entries of `components/_history.html` of an object that this person sees, newest first."""
    return [shown(entry) for entry in with_names(readable(Entry.objects.of(row), user))]


def edits(row: Tracked, user: User) -> list[dict[str, Any]]:
    """Of these, how the row was created and edited, at most the `LATEST`."""
    acts = [act_of(row, CREATE), act_of(row, EDIT)]
    return [
        shown(entry)
        for entry in readable(Entry.objects.of(row).filter(act__in=acts), user)[:LATEST]
    ]


def readable(entries: EntryQuerySet, user: User) -> EntryQuerySet:
    """Of objects that the person sees: without what is the ANS's own."""
    return entries.select_related("signer").readable_to(user)


def with_names(entries: Iterable[Entry]) -> list[Entry]:
    """The same, whose `what` says the names of its people: one query, whatever their number."""
    rows = list(entries)
    if numbers := {pk for row in rows for pk in row.people}:
        signers = Signer.objects.in_bulk(numbers)
        for row in rows:
            for place, pk in enumerate(row.people):
                row.what = row.what.replace(f"{{{place}}}", str(signers[pk]))
    return rows


def shown(entry: Entry) -> dict[str, Any]:
    return {"at": entry.at, "who": str(entry.signer), "what": entry.what, "note": entry.note}


LATEST = 50
HEADER = (
    "Le (heure de Paris)",
    "Acte",
    "Objet",
    "Organisation",
    "Par",
    "Reçu par",
    "Motif",
    "Code de l'acte",
)


def cells(entries: EntryQuerySet) -> Iterator[tuple[Cell, ...]]:
    """Rows of the exported file, in the order of the page."""
    names = dict(organisations_in(entries))
    for entry in with_names(entries.select_related("signer")):
        yield (
            entry.at,
            entry.what,
            entry.subject_label,
            names.get(entry.organisation_id, ""),
            str(entry.signer),
            entry.get_origin_display(),
            entry.note,
            entry.act,
        )


def organisations_in(entries: EntryQuerySet | Iterable[Entry]) -> list[tuple[int | None, str]]:
    """Id and name of the organisations that these entries are about, by name."""
    if isinstance(entries, EntryQuerySet):
        ids: Any = entries.order_by().values("organisation_id").distinct()
    else:
        ids = [entry.organisation_id for entry in entries]
    return _named(ids)


_EACH = """
WITH RECURSIVE each(one) AS (
    SELECT min(organisation_id) FROM journal_entry
    UNION ALL
    SELECT (SELECT min(organisation_id) FROM journal_entry WHERE organisation_id > each.one)
    FROM each WHERE each.one IS NOT NULL
)
SELECT one FROM each WHERE one IS NOT NULL"""


def organisations_of_all() -> list[tuple[int | None, str]]:
    """Id and name of the organisations that the journal is about, by name: from one to the next by
    their index, where a DISTINCT would read every entry."""
    with connection.cursor() as cursor:
        cursor.execute(_EACH)
        return _named([row[0] for row in cursor.fetchall()])


def _named(keys: Any) -> list[tuple[int | None, str]]:
    organisations = apps.get_model("accounts", "Organisation").objects.filter(pk__in=keys)
    return list(organisations.order_by("name", "pk").values_list("pk", "name"))
