"""Writing an entry: the one way into the journal."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

from journal.enums import Readers
from journal.models import Entry, Mention, Release, Signer
from journal.querysets import type_of
from journal.rules.by import By
from segur.lib.canonical import digest

if TYPE_CHECKING:
    from accounts.models import User


def write(
    subject: models.Model,
    act: str,
    *,
    by: By,
    what: str,
    note: str = "",
    label: str = "",
    organisation_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    readers: Readers = Readers.ALL,
    many: Sequence[models.Model] = (),
    people: Sequence[User] = (),
    releases: Sequence[Entry] = (),
) -> Entry:
    """One line, in the transaction of the act. `organisation_id` is that which reads it, besides
    the ANS: by default the `organisation_id` of the subject. `label` stands for a subject whose own
    words would name a person: an entry cannot be erased; by default it is its `journal_label`, or
    its words. `before` and `after` are JSON values.
    A bulk act has no subject of its own: `subject` is the first of `many`, which lists them all.
    `people`: those whom `what` names, as {0}, {1}; neither it nor `note` says a name itself.
    `releases`: entries that were the ANS's own, and that all may read from this act on.
    """
    released = [one.pk for one in releases]
    entry = _entry(
        subject,
        act,
        signer_of(by),
        by=by,
        what=what[:300],
        note=note,
        label=label,
        organisation_id=organisation_id,
        many=[row.pk for row in many],
        people=[_signer(user.pk, str(user)).pk for user in people],
        before=before or {},
        after={**(after or {}), **({"releases": released} if released else {})},
        readers=readers,
    )
    entry.save(force_insert=True)
    Mention.objects.bulk_create(Mention(entry_id=entry.pk, object_id=pk) for pk in entry.many)
    Release.objects.bulk_create(Release(entry=one, by=entry) for one in releases)
    return entry


def write_each(
    act: str, lines: Iterable[tuple[models.Model, Mapping[str, Any]]], *, by: By
) -> None:
    """One line for each subject, with what `write` would be given: what, note, before, after. The
    number of queries does not depend on that of the subjects."""
    signer = signer_of(by)
    entries = [_entry(subject, act, signer, by=by, **values) for subject, values in lines]
    Entry.objects.bulk_create(entries, batch_size=1000)


def _entry(
    subject: models.Model,
    act: str,
    signer: Signer,
    *,
    by: By,
    label: str = "",
    organisation_id: int | None = None,
    **values: Any,
) -> Entry:
    if organisation_id is None:
        organisation_id = getattr(subject, "organisation_id", None)
    return Entry(
        at=by.at,
        act=act,
        subject_type=type_of(subject),
        subject_id=subject.pk,
        subject_label=(label or getattr(subject, "journal_label", "") or str(subject))[:300],
        organisation_id=organisation_id,
        origin=by.origin,
        key_id=by.key.pk if by.key else None,
        signer=signer,
        **values,
    )


def signer_of(by: By) -> Signer:
    return _signer(by.user.pk if by.user else None, by.name)


def _signer(user_id: int | None, name: str) -> Signer:
    """The row of a name is shared by all that this person signs."""
    known = {"user_id": user_id, "name": name[:150], "erased_at": None}
    salt = secrets.token_hex(16)
    signed = digest([salt, user_id, name[:150]])
    return Signer.objects.get_or_create(**known, defaults={"salt": salt, "digest": signed})[0]


def erase_name(user_id: int, *, by: By) -> int:
    """Forget who signed: the entries and their chain stay. Returns how many signers were erased."""
    rows = Signer.objects.filter(user_id=user_id, erased_at=None)
    return rows.update(name="", salt="", user_id=None, erased_at=by.at)
