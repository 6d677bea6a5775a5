"""Two Clients that are the same establishment become one. Other apps register what they move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import models, transaction

from accounts.enums import Kind
from accounts.models import Organisation
from accounts.services.organisations import journal_organisation
from journal.querysets import type_of
from journal.rules.by import By
from journal.services.readings import check_effects, effects_stamp
from segur.lib.registry import Registry


@dataclass
class Moved:
    """`rows` now belong to the Client that is kept; `words`: what the person reads before
    confirming, a sentence for each kind of thing that moves, stays or counts otherwise."""

    words: list[str] = field(default_factory=list)
    rows: list[models.Model] = field(default_factory=list)

    @property
    def stamp(self) -> str:
        return effects_stamp(self.words, [(type_of(row), row.pk) for row in self.rows])


Mover: TypeAlias = Callable[[Organisation, Organisation, By], Moved]
"""The Client that goes, the one that is kept, who merges: moves what the app holds."""

_movers: Registry[Mover] = Registry()
add_mover = _movers.add
"""From `registrations.py` of an app, which moves in the order of the apps."""


@transaction.atomic
def client_merge(
    *, source: Organisation, into: Organisation, reason: str, seen: str | None = None, by: By
) -> Moved:
    """Close `source` and give all that it has to `into`. One entry of the journal lists the moved
    rows; the history of `into` has the lines of `source` from then on. `seen`: the stamp of what
    the person has read that would move, None where nobody did.

    Raises ValidationError for what is not two different Clients in the directory, and without a
    reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Indiquez pourquoi ces deux Clients n'en font qu'un."})
    locked = {one.pk: one for one in _locked(source, into)}
    gone, kept = locked[source.pk], locked[into.pk]
    if gone == kept:
        raise ValidationError({"into": "Indiquez un autre Client que celui-ci."})
    for name, client in (("source", gone), ("into", kept)):
        if client.kind != Kind.CLIENT or not client.is_active:
            raise ValidationError({name: f"« {client} » n'est pas un Client de l'annuaire."})
    gone.merged_into, gone.is_active = kept, False
    gone.save(update_fields=["merged_into", "is_active"])
    gone.merged.update(merged_into=kept)
    moved = Moved()
    for mover in _movers:
        found = mover(gone, kept, by)
        moved.words += found.words
        moved.rows += found.rows
    check_effects(seen, moved.stamp)
    _journal(gone, kept, moved, reason.strip(), by)
    return moved


def preview(*, source: Organisation, into: Organisation, by: By) -> Moved:
    """What merging would move: it is done, then undone. Raises as `client_merge` does."""
    with transaction.atomic():
        moved = client_merge(source=source, into=into, reason="Aperçu", by=by)
        transaction.set_rollback(True)
    return moved


def _locked(*clients: Organisation) -> list[Organisation]:
    """In one order, so that two merges of the same pair do not wait for each other. Unlike
    `lock_rows`, whoever is about to name one of them waits too."""
    pks = [client.pk for client in clients]
    return list(Organisation.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


def _journal(gone: Organisation, kept: Organisation, moved: Moved, reason: str, by: By) -> None:
    rows: dict[str, Any] = {}
    for row in moved.rows:
        rows.setdefault(type_of(row), []).append(row.pk)
    journal_organisation(
        kept,
        "merge",
        f"« {gone} » (FINESS {gone.finess}) réuni à « {kept} » (FINESS {kept.finess})",
        by=by,
        note=reason,
        many=[kept, gone],
        before={"client": gone.pk, **rows},
        after={"client": kept.pk, **rows},
    )
