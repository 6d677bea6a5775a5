"""What each source says of an outage: recorded once, updated, or recorded beside the others.

Every act locks the row of the service first: two at the same second follow one another.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from journal.rules.by import By
from journal.services.acts import lock_row
from perf.enums import OutageNature, Source
from perf.models import Correction, Outage, OutageVersion, Service
from perf.permissions import sources_of
from perf.rules import workflow
from perf.rules.periods import NO_YEAR, is_computed
from perf.selectors.corrections import in_json
from perf.services.asked import revision_asked, target_of
from perf.services.entries import Revision, values_with_nature, write_version
from perf.services.proposals import SLIP, counted, replace, settle, speaks_for_a_party
from perf.services.references import first_declared, version_of
from segur.lib import paris, texts

ENDS_FIRST = "La fin vient avant le début."
IN_FUTURE = "Cet instant n'est pas encore passé : seule une maintenance s'annonce d'avance."
NO_REFERENCE = "Indiquez sa référence chez la source."
NOT_YOURS = "Votre organisation n'enregistre pas pour cette source."
KNOWN = "Cette source a déjà donné cette référence : modifiez la {outage}."
PROBE_ONLY = "« Non mesuré » concerne une sonde : seule la supervision de l'ANS l'enregistre."
ELSEWHERE = "Cette source a déjà donné cette référence pour une autre indisponibilité du service."

FOLLOWED = ("started_at", "ended_at", "nature", "end_is_free")
"""What an outage takes from the version that counts."""


@dataclass(frozen=True)
class Recorded:
    """`created`: the reference was new; `changed`: something was written; `correction`: what waits
    for the ANS instead, because it would lower D_f.
    """

    version: OutageVersion
    created: bool
    changed: bool
    correction: Correction | None = None


def problems(
    *,
    source: str,
    reference: str,
    started_at: dt.datetime,
    ended_at: dt.datetime | None,
    cause: str,
    nature: str | None,
    now: dt.datetime,
) -> dict[str, str]:
    """Field → French sentence; empty when `record` would accept these values."""
    found: dict[str, str] = {}
    for name, text, longest in (("reference", reference, 120), ("cause", cause, 500)):
        if len(text) > longest:
            found[name] = f"Au plus {longest} caractères."
    if not reference:
        found["reference"] = NO_REFERENCE
    if nature == OutageNature.UNMEASURED and source != Source.ANS:
        found["nature"] = PROBE_ONLY
    if ended_at and ended_at < started_at:
        found["ended_at"] = ENDS_FIRST
    for name, instant in (("started_at", started_at), ("ended_at", ended_at)):
        if instant is None:
            continue
        if not is_computed(paris.day(instant)):
            found[name] = NO_YEAR
        elif instant > now and nature != OutageNature.MAINTENANCE:
            found[name] = IN_FUTURE
    return found


def lock(service: Service) -> Service:
    """The service as it is now; its outages wait until the transaction ends."""
    return lock_row(service, "prestation")


@transaction.atomic
def record(
    *,
    service: Service,
    source: str,
    reference: str,
    started_at: dt.datetime,
    ended_at: dt.datetime | None,
    cause: str = "",
    nature: str | None = None,
    by: By,
    outage: Outage | None = None,
    only_new: bool = False,
) -> Recorded:
    """What `source` says under `reference`: idempotent on both, and of one service only.

    New without `outage`, it makes an outage of which it is the version that counts; with `outage`
    it stands beside the others and what counts does not change. Known, its values are updated and
    the old ones journaled; those of the outage follow when it is the version that counts (see
    `Outage.follow`). `nature` None: unchanged, or an outage when it is new. `actor` is None for
    software, whose rights the caller has checked. `only_new` refuses to change a reference already
    known. Raises ValidationError, by field; ReferenceTakenError, one of them, of another service's.
    """
    service = lock(service)
    reference, cause = texts.fold(reference), texts.clean(cause).strip()
    if by.user and source not in sources_of(by.user):
        raise ValidationError({"source": NOT_YOURS})
    known = version_of(service, source, reference)
    beside = known.outage if known else outage
    if outage and (outage.service_id != service.pk or (known and known.outage_id != outage.pk)):
        raise ValidationError({"reference": ELSEWHERE})
    found = problems(
        source=source,
        reference=reference,
        started_at=started_at,
        ended_at=ended_at,
        cause=cause,
        nature=nature or _announced(beside),
        now=by.at,
    )
    if found:
        raise ValidationError(dict(found))
    values: dict[str, Any] = {"started_at": started_at, "ended_at": ended_at, "cause": cause}
    if known and only_new and not _says(known, values):
        raise ValidationError({"reference": KNOWN.format(outage=known.outage.name)})
    if known:
        return _said_again(service, known, values, nature, by)
    new = first_declared(service, source=source, reference=reference, by=by, **values)
    try:
        with transaction.atomic():
            return Recorded(_add(new, outage, nature, by), created=True, changed=True)
    except IntegrityError:
        version_of(service, source, reference)  # at the same instant, for another service
        raise


def _said_again(
    service: Service, known: OutageVersion, values: dict[str, Any], nature: str | None, by: By
) -> Recorded:
    if not _differs(known, values, nature):
        return Recorded(known, created=False, changed=False)
    pending = list(service.corrections.pending().filter(target=target_of(known)))
    asked = {**in_json(values), "nature": nature or known.outage.nature}
    proposal = revision_asked(known, before=values_with_nature(known), after=asked)
    done = counted(service, lambda: update(known, values, nature, by), proposal, by=by)
    if isinstance(done, Correction):
        stored = OutageVersion.objects.select_related("outage", "service").get(pk=known.pk)
        return Recorded(stored, created=False, changed=False, correction=done)
    for correction in pending:
        replace(correction, by=by)
    return Recorded(known, created=False, changed=done)


def _announced(outage: Outage | None) -> str | None:
    """What a version that says no nature takes from its outage: a maintenance may be to come.
    Beside a «non mesuré» of the ANS, a Fournisseur still says its own instants.
    """
    is_planned = outage is not None and outage.nature == OutageNature.MAINTENANCE
    return OutageNature.MAINTENANCE if is_planned else None


def _add(
    version: OutageVersion, beside: Outage | None, nature: str | None, by: By
) -> OutageVersion:
    if beside is None:
        of_a_party = speaks_for_a_party(by, version.service)
        outage = version.outage = first_outage(version, nature, by, of_a_party=of_a_party)
        outage.save()
    else:
        outage = version.outage = beside
        settle(outage)
    version.save()
    if beside is None:
        outage.counting = version
        outage.save(update_fields=["counting"])
    is_first = beside is None
    what = f"{outage.noun.capitalize()} enregistrée" if is_first else "Version ajoutée"
    write_version(
        version,
        workflow.RECORD if is_first else workflow.BESIDE,
        by=by,
        what=f"{what} : {version}",
        after=values_with_nature(version),
    )
    return version


def first_outage(version: OutageVersion, nature: str | None, by: By, *, of_a_party: bool) -> Outage:
    """The outage, not saved, of which a new version is the first. Of a party, its author may still
    correct it, and its first end is free."""
    outage = outage_of(version, nature, by)
    if of_a_party:
        outage.slip_until = by.at + SLIP
        outage.end_is_free = outage.ended_at is None
    return outage


def outage_of(version: OutageVersion, nature: str | None, by: By) -> Outage:
    """The outage, not saved, that counts as this version says."""
    return Outage(
        service=version.service,
        nature=nature or OutageNature.OUTAGE,
        started_at=version.started_at,
        ended_at=version.ended_at,
        created_at=by.at,
    )


def update(version: OutageVersion, values: dict[str, Any], nature: str | None, by: By) -> bool:
    """The version of a locked service takes these values."""
    revision = revise(version, values, nature, by)
    if revision is None:
        return False
    version.save()
    version.outage.save(update_fields=FOLLOWED)
    revision.write(by)
    return True


def revise(
    version: OutageVersion, values: dict[str, Any], nature: str | None, by: By
) -> Revision | None:
    """The version and its outage take the new values; nothing is saved. None when the source
    says the same as before."""
    outage = version.outage
    if not _differs(version, values, nature):
        return None
    counts = outage.counting_id == version.pk
    before = values_with_nature(version)
    for name, value in values.items():
        setattr(version, name, value)
    version.updated_at = by.at
    if _renames(version, nature):
        outage.nature = str(nature)
    if counts:
        outage.follow(version)
    return Revision(version, before, values_with_nature(version))


def _renames(version: OutageVersion, nature: str | None) -> bool:
    """A nature is the outage's, and what was decided keeps its own."""
    outage = version.outage
    counts = outage.counting_id == version.pk
    return counts and nature not in (None, outage.nature) and not outage.decided_at


def _differs(version: OutageVersion, values: dict[str, Any], nature: str | None) -> bool:
    return _renames(version, nature) or not _says(version, values)


def _says(version: OutageVersion, values: dict[str, Any]) -> bool:
    return all(getattr(version, name) == value for name, value in values.items())
