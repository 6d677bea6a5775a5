"""A file of outages: checked as a whole, kept until its person confirms, recorded all or nothing.

The rules of a line are those of `outages.problems`; here they are asked of thousands of lines with
a number of queries that depends on batches, not on lines.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.models import User
from imports.models import Import
from imports.services.kinds import Progress, Settle
from imports.services.lines import CHANGED, MOVED
from journal.enums import Origin
from journal.rules.by import By
from journal.services.acts import lock_rows
from perf.enums import OutageNature, Source
from perf.models import Correction, Outage, OutageVersion, Service
from perf.permissions import can_record, sources_of
from perf.reading.outage_file import LineProblem, OutageRow, looks_alike, read
from perf.selectors.outage_history import value_lines
from perf.services.entries import Revision, write_import
from perf.services.file_corrections import ask, corrections_of, replace_asked
from perf.services.outages import (
    FOLLOWED,
    NOT_YOURS,
    first_outage,
    problems,
    revise,
)
from perf.services.proposals import party_to
from perf.services.references import TAKEN, Name, first_declared, name_of
from segur.lib.numbers import counted

BATCH = 500
UNKNOWN = "Aucun de vos services n'a le code « %s »."
NOT_OURS = (
    "Vous pouvez lire ce service ; ses indisponibilités sont enregistrées par son Fournisseur."
)
REPEATED = "« {} » est déjà à la ligne {}, même source, pour le service « {} »{}."

T = TypeVar("T")


@dataclass(frozen=True)
class ImportLine:
    """A line of the file, and the version that it makes or changes with its outage, not saved."""

    row: OutageRow
    version: OutageVersion
    is_new: bool
    revision: Revision | None = None
    correction: Correction | None = None
    """What waits for the ANS instead of the change, which would lower D_f."""

    @property
    def nature(self) -> OutageNature:
        return OutageNature(self.version.outage.nature)

    @property
    def counts(self) -> bool:
        """The outage takes its values: the version is its first, or the one that counts."""
        return self.is_new or self.version.outage.counting_id == self.version.pk

    @property
    def changes(self) -> list[str]:
        """«Fin : 16/11/2026 14h45 → 16/11/2026 14h25»; empty for a new one."""
        return value_lines(self.revision.after, self.revision.before) if self.revision else []

    @property
    def does(self) -> bool:
        """Whether it changes anything."""
        return self.is_new or self.revision is not None


@dataclass(frozen=True)
class Plan:
    """What recording the file would do, or why it is refused whole."""

    lines: list[ImportLine]
    problems: list[LineProblem]
    seen: str = ""
    """The digest of what the file was compared with."""

    @property
    def changes(self) -> list[ImportLine]:
        """What counts at once."""
        return [line for line in self.lines if line.does and not line.correction]

    @property
    def asked(self) -> list[ImportLine]:
        """What would lower D_f: it waits for the ANS."""
        return [line for line in self.lines if line.correction]

    @property
    def outages(self) -> list[Outage]:
        """The new and the changed, with their values to be."""
        return [line.version.outage for line in self.changes if line.counts]

    @property
    def new(self) -> int:
        return sum(line.is_new for line in self.lines)

    @property
    def revised(self) -> int:
        return len(self.changes) - self.new

    @property
    def unchanged(self) -> int:
        return len(self.lines) - len(self.changes) - len(self.asked)

    @property
    def cut(self) -> list[int]:
        """The lines whose instants are cut to the microsecond."""
        return [line.row.line for line in self.lines if line.row.is_cut]

    @property
    def wrong_lines(self) -> int:
        return len({problem.line for problem in self.problems})


def check(content: bytes, *, user: User, now: dt.datetime) -> Plan:
    """What the file would do, every wrong line named. Writes nothing. Raises BadFile."""
    rows, found = read(content)
    services = services_of(user, {row.service for row in rows})
    compared = _stamps(services.values(), rows)
    plan = _plan(rows, found, services, By.person(user, now, origin=Origin.FILE))
    return replace(plan, seen=_digest(compared))


def run(job: Import, by: By, progress: Progress, settle: Settle) -> Plan:
    """Records the file, all or nothing, as it was checked again just before.

    What takes long is done before the lock, for which everybody waits on SQLite; under the lock of
    its services the file is checked once more only if what it is compared with has moved. Raises
    ValidationError.
    """
    user = by.actor
    rows, found = read(bytes(job.content))
    services = services_of(user, {row.service for row in rows})
    compared = _stamps(services.values(), rows)
    plan = _plan(rows, found, services, by, progress)
    with transaction.atomic():
        services = services_of(user, {row.service for row in rows}, lock=True)
        now_compared = _stamps(services.values(), rows)
        if now_compared != compared:
            plan = _plan(rows, found, services, by)
        if plan.problems:
            raise ValidationError(CHANGED)
        digest = _digest(now_compared)
        if job.options.get("seen", digest) != digest:
            raise ValidationError(MOVED)
        try:
            _create([line for line in plan.lines if line.is_new])
        except IntegrityError:
            raise ValidationError(CHANGED) from None
        _revise([line for line in plan.changes if line.revision])
        _journal(plan.changes, by)
        ask([line.correction for line in plan.asked if line.correction], by=by)
        replace_asked([line.version for line in plan.changes if line.revision], by=by)
        settle(_sentence(plan), reverse("perf:index"))
    return plan


def _sentence(plan: Plan) -> str:
    asked = len(plan.asked)
    waiting = f", {counted(asked, 'correction')} à la baisse en attente de l'ANS" if asked else ""
    return (
        f"Fichier importé : {counted(plan.new, 'nouvelle')}, {counted(plan.revised, 'modifiée')}, "
        f"{counted(plan.unchanged, 'inchangée')}{waiting}."
    )


def _plan(
    rows: list[OutageRow],
    found: list[LineProblem],
    services: Mapping[str, Service],
    by: By,
    progress: Progress | None = None,
) -> Plan:
    user = by.actor
    known = _known(services.values(), rows)
    party = party_to(by, list(services.values()))
    ours = {service.pk: can_record(user, service.prestation) for service in services.values()}
    sources = sources_of(user)
    first: dict[Name, OutageRow] = {}
    lines, refused = [], list(found)
    for number, row in enumerate(rows, 1):
        if progress and number % BATCH == 0:
            progress(number)
        service = services.get(row.service)
        name = name_of(service, row.source, row.reference) if service else None
        stored = known.get(name) if name else None
        version = stored if stored and service and stored.service_id == service.pk else None
        wrong = _wrong(row, version, by.at)
        if service is None:
            wrong["service"] = UNKNOWN % row.service[:60]
        line = _line(row, service, version, by, party) if service and not wrong else None
        if line is None or line.does:
            wrong |= _barred(row, is_ours=service is None or ours[service.pk], sources=sources)
        if name and not wrong:
            wrong |= _elsewhere(row, stored, first.setdefault(name, row))
        refused += [LineProblem(row.line, column, sentence) for column, sentence in wrong.items()]
        if line and not wrong:
            lines.append(line)
    return Plan(_weighed(lines, party, by), sorted(refused))


def _weighed(lines: list[ImportLine], party: Collection[int], by: By) -> list[ImportLine]:
    """The lines, those that would lower D_f with their correction."""
    revisions = [line.revision for line in lines if line.revision and line.counts]
    asked = corrections_of(revisions, party, by)
    return [
        replace(line, correction=asked[line.version.pk]) if line.version.pk in asked else line
        for line in lines
    ]


def services_of(user: User, codes: Collection[str], *, lock: bool = False) -> dict[str, Service]:
    """Code → service, of those that the person sees. Locked in one order: no two files wait for
    each other."""
    seen = Service.objects.visible_to(user).select_related("prestation__client")
    if lock:
        seen = lock_rows(seen)
    return {service.code: service for service in seen.filter(code__in=sorted(codes))}


def _known(services: Iterable[Service], rows: list[OutageRow]) -> dict[Name, OutageVersion]:
    versions, found = _versions(services), {}
    for references in _batches(sorted({row.reference for row in rows})):
        matching = versions.filter(reference__in=references)
        for version in matching.select_related("outage", "service__prestation"):
            found[name_of(version.service, version.source, version.reference)] = version
    return found


def _versions(services: Iterable[Service]) -> QuerySet[OutageVersion]:
    """Of the Fournisseurs of these services, and those of the ANS."""
    owners = {service.prestation.organisation_id for service in services}
    return OutageVersion.objects.filter(Q(organisation__in=owners) | Q(source=Source.ANS))


def _barred(row: OutageRow, *, is_ours: bool, sources: Collection[Source]) -> dict[str, str]:
    wrong = {} if is_ours else {"service": NOT_OURS}
    return wrong if row.source in sources else wrong | {"source": NOT_YOURS}


def _elsewhere(row: OutageRow, stored: OutageVersion | None, first: OutageRow) -> dict[str, str]:
    """A reference given for two services: known already, or by an earlier line. Asked only where
    the person may record, and so sees both."""
    if stored and stored.service.code != row.service:
        return {"reference": TAKEN.format(stored.service)}
    if first.service != row.service:
        words = row.reference[:60], first.line, first.service, looks_alike(first, row)
        return {"reference": REPEATED.format(*words)}
    return {}


def _stamps(services: Iterable[Service], rows: list[OutageRow]) -> list[tuple[Any, ...]]:
    """What the plan of these rows depends on in their services, to compare: whose outage each
    version is included, since one brought together or separated meanwhile is another's. A reference
    taken meanwhile by another service is refused by the database.
    """
    services = list(services)
    pks = sorted(service.pk for service in services)
    names = ("pk", "updated_at", "outage", "outage__nature", "outage__counting")
    instants = ("outage__started_at", "outage__ended_at", "outage__decided_at")
    found: list[tuple[Any, ...]] = [tuple(pks)]
    versions, ours = _versions(services).order_by("pk"), set(pks)
    for references in _batches(sorted({row.reference for row in rows})):
        of_file = versions.filter(reference__in=references)
        stamps = of_file.values_list("service", *names, *instants)
        found += [tuple(stamp) for service, *stamp in stamps if service in ours]
    return found


def _digest(stamps: list[tuple[Any, ...]]) -> str:
    return hashlib.sha256(repr(stamps).encode()).hexdigest()


def _wrong(row: OutageRow, version: OutageVersion | None, now: dt.datetime) -> dict[str, str]:
    return problems(
        source=row.source,
        reference=row.reference,
        started_at=row.started_at,
        ended_at=row.ended_at,
        cause=row.cause,
        nature=_judged(row, version),
        now=now,
    )


def _judged(row: OutageRow, version: OutageVersion | None) -> str | None:
    """The nature that the line says, or that its version has. What was decided «non mesuré» is not
    given again as it was exported.
    """
    known = version.outage.nature if version else None
    is_kept = known == OutageNature.UNMEASURED and row.nature in (None, known)
    return OutageNature.OUTAGE if is_kept else row.nature or known


def _line(
    row: OutageRow,
    service: Service,
    version: OutageVersion | None,
    by: By,
    party: Collection[int],
) -> ImportLine:
    values: dict[str, Any] = {
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "cause": row.cause,
    }
    if version:
        revision = revise(version, values, row.nature, by)
        return ImportLine(row, version, is_new=False, revision=revision)
    new = first_declared(service, source=row.source, reference=row.reference, by=by, **values)
    new.outage = first_outage(new, row.nature, by, of_a_party=service.pk in party)
    return ImportLine(row, new, is_new=True)


def _create(lines: list[ImportLine]) -> None:
    for batch in _batches(lines):
        versions = [line.version for line in batch]
        outages = Outage.objects.bulk_create([version.outage for version in versions])
        for version, outage in zip(versions, outages, strict=True):
            version.outage = outage
        OutageVersion.objects.bulk_create(versions)
        first = OutageVersion.objects.filter(outage=OuterRef("pk")).values("pk")
        made = Outage.objects.filter(pk__in=[outage.pk for outage in outages])
        made.update(counting=Subquery(first[:1]))


def _revise(lines: list[ImportLine]) -> None:
    """An outage is written by the version that counts alone: others hold another copy of it."""
    for batch in _batches(lines):
        versions = [line.version for line in batch]
        counting = [v.outage for v in versions if v.outage.counting_id == v.pk]
        _rewrite(versions, ["started_at", "ended_at", "cause", "updated_at"])
        _rewrite(counting, FOLLOWED)


def _journal(lines: list[ImportLine], by: By) -> None:
    before = {line.version.pk: line.revision.before for line in lines if line.revision}
    write_import([line.version for line in lines], before=before, by=by)


def _rewrite(rows: Sequence[Model], names: Iterable[str]) -> None:
    """Rows that exist, under the lock of their service, take these values. Twenty times as fast as
    `bulk_update`, whose statement grows with rows × fields: SQLite has one writer, and everybody
    waits for it.
    """
    if rows:
        manager = type(rows[0])._default_manager  # noqa: SLF001
        manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["pk"], update_fields=list(names)
        )


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
