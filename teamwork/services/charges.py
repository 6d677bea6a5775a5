"""Somebody is put in charge, of one thing or of many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model

from accounts.models import User
from accounts.permissions import can_prepare
from journal.querysets import type_of
from journal.rules.workflow import LABELS
from journal.services.entries import write
from mailing.services.links import absolute
from mailing.services.mail import tell
from teamwork.enums import TEAM_MAIL
from teamwork.models import Charge
from teamwork.selectors.charges import SubjectKind, in_charge, kind_of, may_take

if TYPE_CHECKING:
    from journal.rules.by import By

MUST_PREPARE = "Seuls les membres de l'organisation confient ce qu'elle doit faire."
NOT_A_MEMBER = "{person} n'est pas membre de l'organisation."


@transaction.atomic
def hand_over(
    subjects: Sequence[Model], person: User | None, by: By, *, writes: bool = True
) -> int:
    """Put one person in charge of these rows of one model, or nobody. They belong to organisations
    of which `by` and `person` are members. One entry of the journal, unless the caller writes it,
    and one mail to `person`. Returns how many changed hands. Raises PermissionDenied,
    ValidationError.
    """
    if not subjects:
        return 0
    kind = kind_of(subjects[0])
    before = in_charge(kind.model, [row.pk for row in subjects])
    keys = [row.pk for row in subjects if before.get(row.pk) != person]
    changed = list(kind.rows().filter(pk__in=keys).order_by("pk"))
    by_organisation = defaultdict(list)
    for row in changed:
        by_organisation[kind.organisation(row)].append(row)
    for organisation_id, rows in by_organisation.items():
        _check(organisation_id, person, by)
        _replace(rows, organisation_id, person, by)
        if writes:
            _write(rows, organisation_id, person, by)
    if changed and person is not None and person != by.user:
        _tell(kind, changed, person, by)
    return len(changed)


def _check(organisation_id: int, person: User | None, by: By) -> None:
    if by.user is None or not can_prepare(by.user, organisation_id):
        raise PermissionDenied(MUST_PREPARE)
    if person is not None and person not in may_take(organisation_id):
        raise ValidationError({"person": NOT_A_MEMBER.format(person=person)})


def _replace(rows: list[Model], organisation_id: int, person: User | None, by: By) -> None:
    subject_type = type_of(rows[0])
    Charge.objects.filter(
        subject_type=subject_type, subject_id__in=[row.pk for row in rows]
    ).delete()
    if person is not None:
        Charge.objects.bulk_create(
            Charge(
                subject_type=subject_type,
                subject_id=row.pk,
                organisation_id=organisation_id,
                person=person,
                since=by.at,
            )
            for row in rows
        )


def _write(rows: list[Model], organisation_id: int, person: User | None, by: By) -> None:
    """An entry cannot be erased: it has the key of the person, not their name."""
    act = "charge.give" if person else "charge.drop"
    write(
        rows[0],
        act,
        by=by,
        what=LABELS[act],
        organisation_id=organisation_id,
        after={"person": person.pk if person else None},
        many=rows if len(rows) > 1 else (),
    )


def _tell(kind: SubjectKind, rows: list[Model], person: User, by: By) -> None:
    lines = [{"words": kind.words(row), "url": absolute(kind.page(row))} for row in rows]
    keys = "-".join(str(row.pk) for row in rows[:5])
    tell(
        [person],
        kind=TEAM_MAIL,
        template="charge",
        context={
            "lines": lines,
            "count": len(lines),
            "counted": kind.counted(len(lines)),
            "who": by.name,
        },
        key=f"charge:{kind.slug}:{keys}:{by.at.isoformat()}",
        about=rows[0] if len(rows) == 1 else None,
        by=by,
    )
