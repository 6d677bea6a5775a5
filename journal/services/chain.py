"""The chain: appended after the commit of the acts, by one writer; verified at any time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from journal.models import Entry, Link
from journal.rules import chain
from journal.rules.chain import START

__all__ = ["START", "Verification", "append", "append_all", "verify", "waiting"]
LOCK = 8_115_017_233
"""Of the one writer, on PostgreSQL; SQLite has one writer anyway."""
BATCH = 2_000
SLOWEST = dt.timedelta(minutes=15)
"""No transaction of an act lasts longer: an entry that appears later under the number and the
instant of an older one was put there."""


@transaction.atomic
def append(*, now: dt.datetime) -> int:
    """Link the entries that are not linked yet, at most `BATCH`. Returns how many."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Link.objects.order_by("-number").first()
    number, before = (last.number, last.hash) if last else (0, START)
    links = []
    ready = waiting().exclude(pk__in=_late(last).values("pk")) if last else waiting()
    for entry in ready.select_related("signer").order_by("pk")[:BATCH]:
        number, signed = number + 1, entry.digest()
        before = chain.link_hash(before, number, entry.pk, signed)
        links.append(
            Link(number=number, entry_id=entry.pk, digest=signed, hash=before, chained_at=now)
        )
    Link.objects.bulk_create(links)
    return len(links)


def append_all(*, now: dt.datetime) -> int:
    count = 0
    while done := append(now=now):
        count += done
    return count


def waiting() -> QuerySet[Entry]:
    """Entries that no link covers yet."""
    return Entry.objects.filter(~Exists(Link.objects.filter(entry_id=OuterRef("pk"))))


@dataclass(frozen=True)
class Verification:
    """`faults` are French sentences; `unlinked` entries are too young to be linked."""

    links: int
    unlinked: int
    end: str
    faults: list[str]


def verify() -> Verification:
    """Recompute the whole chain, and look for entries that came in behind it."""
    faults = [*chain.faults(_links()), *_inserted()]
    last = Link.objects.order_by("-number").first()
    return Verification(
        links=last.number if last else 0,
        unlinked=waiting().count(),
        end=last.hash if last else START,
        faults=faults,
    )


def _links() -> Iterator[chain.ChainLink]:
    rows = Link.objects.order_by("number").iterator(BATCH)
    batch: list[Link] = []
    for link in rows:
        batch.append(link)
        if len(batch) == BATCH:
            yield from _with_entries(batch)
            batch = []
    yield from _with_entries(batch)


def _with_entries(links: list[Link]) -> Iterator[chain.ChainLink]:
    found = Entry.objects.select_related("signer").in_bulk([link.entry_id for link in links])
    for link in links:
        entry = found.get(link.entry_id)
        present = entry.digest() if entry else None
        yield chain.ChainLink(link.number, link.entry_id, link.digest, link.hash, present)


def _late(last: Link) -> QuerySet[Entry]:
    """Never linked: what came in behind the chain stays visible there."""
    return waiting().filter(written_at__lt=last.chained_at - SLOWEST)


def _inserted() -> Iterator[str]:
    last = Link.objects.order_by("-number").first()
    if last is not None:
        for pk in _late(last).order_by("pk").values_list("pk", flat=True):
            yield f"Entrée {pk} : insérée après coup."
