"""«Rapprocher»: one incident that two sources recorded is one outage with two versions.
«Séparer»: a version that describes another incident becomes an outage of its own.
"""

from __future__ import annotations

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from journal.rules.by import By
from journal.services.entries import write
from perf.enums import OutageNature, OutageStanding
from perf.models import Correction, Outage, OutageVersion
from perf.rules.workflow import MERGE, SEPARATE
from perf.services.asked import merge_asked, separation_asked
from perf.services.decisions import GONE, lock_outage
from perf.services.outages import outage_of
from perf.services.proposals import counted

NOT_THE_SAME = "Ces deux indisponibilités ne se recouvrent pas : ce n'est pas le même incident."
OTHER_NATURE = "L'une est « {one} », l'autre « {two} » : contestez celle qui est fausse."
TWO_STORIES = "Toutes deux sont contestées ou décidées : elles ne se rapprochent plus."
ALONE = "Cette version est la seule : il n'y a rien à séparer."
IT_COUNTS = (
    "C'est la version qui compte, dans une {} contestée ou décidée : elle ne s'en sépare pas."
)


@transaction.atomic
def merge(outage: Outage, other: Outage, *, by: By) -> Outage | Correction:
    """`other` goes into `outage` (the reverse when it is the one contested or decided): versions
    and pieces; the journal is read through the merge. The version of the first source in the order
    of `Source` then counts, except where one was chosen by a decision or is being contested.

    Returns the outage that is kept, or what waits for the ANS because it would lower D_f.
    """
    kept, gone = lock_outage(outage), lock_outage(other)
    if gone.standing != OutageStanding.UNCONTESTED:
        kept, gone = gone, kept
    _check(kept, gone)
    act = partial(bring_together, kept, gone, by=by)
    return counted(kept.service, act, merge_asked(kept, gone), by=by)


def bring_together(kept: Outage, gone: Outage, *, by: By) -> Outage:
    """`merge` of two locked outages."""
    _check(kept, gone)
    gone.versions.update(outage=kept)
    gone.proofs.update(outage=kept)
    gone.corrections.update(outage=kept)
    _settle(kept)
    if kept.standing == OutageStanding.UNCONTESTED:
        _count(kept, kept.first_of(kept.versions.all()))
    write(
        kept,
        MERGE,
        by=by,
        what=f"Rapprochée de {gone} : même incident",
        note=f"La version qui compte : {kept.counting}.",
        after={"merged": gone.pk, "kept": kept.pk, "counted": gone.counting_id},
        many=[kept, gone],
    )
    gone.delete()
    return kept


@transaction.atomic
def separate(version: OutageVersion, *, by: By) -> Outage | Correction:
    """The version leaves its outage with what the journal says of it, and counts by itself. The
    pieces stay. Where nothing was contested or decided, what is left counts as after `merge`.

    Returns the new outage, or what waits for the ANS because it would lower D_f.
    """
    kept = lock_outage(version.outage)
    row = _separable(kept, version)
    act = partial(take_out, kept, row, by=by)
    return counted(kept.service, act, separation_asked(kept, row), by=by)


def _separable(kept: Outage, version: OutageVersion) -> OutageVersion:
    row = kept.versions.filter(pk=version.pk).first()
    if row is None:
        raise ValidationError(GONE.format(kept.noun))
    if kept.versions.count() == 1:
        raise ValidationError(ALONE)
    if kept.standing != OutageStanding.UNCONTESTED and row.pk == kept.counting_id:
        raise ValidationError(IT_COUNTS.format(kept.noun))
    return row


def take_out(kept: Outage, version: OutageVersion, *, by: By) -> Outage:
    """`separate` of a locked outage."""
    row = _separable(kept, version)
    numbers = {"separated": row.pk, "from": kept.pk}
    new = outage_of(row, kept.nature, by)
    new.save()
    row.outage = new
    row.save(update_fields=["outage"])
    _settle(kept)
    _count(new, row)
    if kept.standing == OutageStanding.UNCONTESTED:
        _count(kept, kept.first_of(kept.versions.all()))
    what, note = f"Version séparée : {row}", f"Devenue la {new.name}."
    write(kept, SEPARATE, by=by, what=what, note=note, after=numbers)
    write(new, SEPARATE, by=by, what=f"Séparée de la {kept.name}", after=numbers)
    return new


def _settle(outage: Outage) -> None:
    """What two sources say is no slip any more, and its end is no longer that of one alone."""
    outage.slip_until, outage.end_is_free = None, False
    outage.save(update_fields=["slip_until", "end_is_free"])


def _check(kept: Outage, gone: Outage) -> None:
    if kept.service_id != gone.service_id or kept.pk == gone.pk or not kept.overlaps(gone):
        raise ValidationError(NOT_THE_SAME)
    if gone.standing != OutageStanding.UNCONTESTED:
        raise ValidationError(TWO_STORIES)
    if kept.nature != gone.nature:
        one, two = (str(OutageNature(row.nature).label).lower() for row in (kept, gone))
        raise ValidationError(OTHER_NATURE.format(one=one, two=two))


def _count(outage: Outage, version: OutageVersion) -> None:
    outage.count(version)
    outage.save(update_fields=["counting", "started_at", "ended_at"])
