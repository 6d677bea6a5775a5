"""What the journal says of an outage: its own entries, those of its versions, and those of the
outages that were merged into it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KeyTransform

from accounts.models import User
from journal.models import Entry, Mention
from journal.querysets import type_of
from journal.selectors.entries import readable
from perf.enums import OutageNature
from perf.models import Correction, Outage, OutageVersion
from perf.rules.workflow import IMPORT, MERGE, PROPOSE_FILE, REPORT, bulk_key
from perf.selectors.corrections import values_of
from segur.lib import paris

VALUES = {"nature": "Nature", "started_at": "Début", "ended_at": "Fin", "cause": "Cause"}


@dataclass(frozen=True)
class Since:
    """What the supervision has reported since a person corrected its version: «Fin : 15h»."""

    at: dt.datetime
    values: list[str]


def supervision_since(versions: Sequence[OutageVersion]) -> dict[int, Since]:
    """Of each version, the last report that is still not what the version says."""
    known = {version.pk: version for version in versions}
    found: dict[int, Since] = {}
    reports = Entry.objects.filter(subject_type=type_of(OutageVersion), subject_id__in=known)
    for entry in reports.filter(act=REPORT).order_by("-pk"):
        version = known[entry.subject_id or 0]
        if version.pk not in found:
            says = values_of(entry.after)
            news = {name for name, value in says.items() if value != getattr(version, name)}
            reported_now = {name: value for name, value in entry.after.items() if name in news}
            found[version.pk] = Since(entry.at, value_lines(reported_now, {}))
    return {number: since for number, since in found.items() if since.values}


def journal_lines(outage: Outage, user: User) -> list[dict[str, Any]]:
    """Entries of `components/_history.html`, newest first."""
    versions = list(outage.versions.all())
    lines = [*_own(outage, versions, user), *_imported(versions, user)]
    return [line for _order, line in sorted(lines, key=itemgetter(0), reverse=True)]


Line = tuple[tuple[dt.datetime, int], dict[str, Any]]
"""Its instant and its number, then the line."""


def _own(outage: Outage, versions: Sequence[OutageVersion], user: User) -> Iterator[Line]:
    of_outages = Q(subject_type=type_of(Outage), subject_id__in=_with_merged(outage))
    pks = [version.pk for version in versions]
    of_versions = Q(subject_type=type_of(OutageVersion), subject_id__in=pks)
    asked = Q(subject_type=type_of(Correction)) & _of_corrections(outage)
    entries = Entry.objects.filter(of_outages | of_versions | asked).exclude(act=IMPORT)
    for entry in readable(entries, user):
        is_of_version = entry.subject_type == type_of(OutageVersion)
        values = value_lines(entry.after, entry.before) if is_of_version else []
        yield _line(entry, entry.what, [entry.note, *values])


def _of_corrections(outage: Outage) -> Q:
    """Asked one by one, or by a file."""
    numbers = list(outage.corrections.values_list("pk", flat=True))
    by_file = Mention.objects.filter(object_id__in=numbers, entry__act=PROPOSE_FILE)
    return Q(subject_id__in=numbers) | Q(pk__in=by_file.values("entry"))


def _imported(versions: Sequence[OutageVersion], user: User) -> Iterator[Line]:
    """Of the long entry of a file, the values of these versions alone are read."""
    keys = {bulk_key(version.pk): version for version in versions}
    mentions = Mention.objects.filter(object_id__in=[version.pk for version in versions])
    entries = Entry.objects.filter(act=IMPORT, pk__in=mentions.values("entry"))
    read = {f"was_{key}": KeyTransform(key, "before") for key in keys}
    read |= {f"became_{key}": KeyTransform(key, "after") for key in keys}
    for entry in readable(entries.defer("before", "after", "many").annotate(**read), user):
        for key, version in keys.items():
            was, became = getattr(entry, f"was_{key}"), getattr(entry, f"became_{key}")
            if became:
                noun = OutageNature(became["nature"]).noun.capitalize()
                what = "Version modifiée" if was else f"{noun} enregistrée"
                yield _line(entry, f"{what} : {version}", value_lines(became, was or {}))


def _with_merged(outage: Outage) -> set[int]:
    """The numbers of the outage and of those that were merged into it, one after the other."""
    found, last = {outage.pk}, {outage.pk}
    merges = Entry.objects.filter(act=MERGE, subject_type=type_of(Outage))
    while last:
        merged = merges.filter(subject_id__in=last).values_list("after__merged", flat=True)
        last = set(merged) - found
        found |= last
    return found


def _line(entry: Entry, what: str, notes: Sequence[str]) -> Line:
    """The note is the reason, and the values given, or those that changed."""
    note = "\n".join(filter(None, notes))
    shown = {"at": entry.at, "who": str(entry.signer), "what": what, "note": note}
    return (entry.at, entry.pk), shown


def value_lines(after: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """«Fin : 16/11/2026 11h», or what it was and what it became."""
    return [
        f"{label} : {words_of_value(name, before[name])} → {words_of_value(name, after[name])}"
        if before
        else f"{label} : {words_of_value(name, after[name])}"
        for name, label in VALUES.items()
        if name in after and (not before or before.get(name) != after[name])
    ]


def words_of_value(name: str, value: str | None) -> str:
    if value and name.endswith("_at"):
        return paris.short(dt.datetime.fromisoformat(value))
    if name == "nature" and value:
        return str(OutageNature(value).label).lower()
    return value or ("en cours" if name == "ended_at" else "non indiquée")
