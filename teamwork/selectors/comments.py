"""Comments of one subject, and who is notified of a new one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from accounts.enums import ANS_ROLES, Kind
from accounts.models import Membership, Organisation, User
from accounts.selectors.people import people_of
from documents.selectors import file_line
from journal.querysets import type_of
from teamwork.enums import Audience
from teamwork.models import Comment, CommentFile
from teamwork.querysets import CommentQuerySet
from teamwork.selectors.charges import SubjectKind, in_charge, kind_of_type


def comments_on(subject: Model) -> CommentQuerySet:
    rows = Comment.objects.filter(subject_type=type_of(subject), subject_id=subject.pk)
    return rows.select_related("organisation").prefetch_related("files")


def speaks_for(
    kind: SubjectKind, subject: Model, user: User, active: Organisation | None
) -> Organisation | None:
    """For whom a person comments on what they see: the organisation that they work for, or the
    first other one of theirs, whose members see it too. They are notified, and read the comment.
    """
    if len(user.roles) == 1:
        return active
    for one in sorted(user.organisations, key=lambda one: one != active):
        if kind.seen_by(user.only_in(one)).filter(pk=subject.pk).exists():
            return one
    return None


def audiences(kind: SubjectKind, subject: Any, organisation: Organisation) -> dict[Audience, str]:
    """Who may be chosen to read a comment of a member of this organisation, named in full."""
    team = f"Les membres de {organisation} seulement"
    found = {Audience.TEAM: team}
    owner = kind.organisation(subject)
    if organisation.kind == Kind.ANS:
        named = Organisation.objects.get(pk=owner)
        found[Audience.SHARED] = f"L'ANS et les membres de {named}"
    elif kind.is_seen_by_ans(subject):
        others = (
            "" if owner == organisation.pk else f", ceux de {Organisation.objects.get(pk=owner)}"
        )
        found[Audience.SHARED] = f"Les membres de {organisation}{others} et l'ANS"
    return found


def notified_of(kind: SubjectKind, comment: Comment, subject: Any) -> list[User]:
    """Those who take part, of each organisation that reads it: who is in charge, who has it in
    review, who has commented; all its members where nobody else does. Never the author.
    """
    written = comments_on(subject).exclude(author=None).values_list("author", flat=True)
    engaged = set(written) | {user.pk for user in kind.reviewers(subject)}
    engaged |= {user.pk for user in in_charge(kind.model, [subject.pk]).values()}
    people: dict[int, User] = {}
    for members in _teams(comment):
        others = [user for user in members if user.pk in engaged - {comment.author_id}]
        people |= {user.pk: user for user in others or members}
    people.pop(comment.author_id or 0, None)
    return list(people.values())


def _teams(comment: Comment) -> Iterable[list[User]]:
    organisations = [comment.organisation_id]
    if comment.audience == Audience.SHARED:
        organisations.append(comment.owner_id)
    for pk in dict.fromkeys(organisations):
        yield list(people_of(pk))
    if comment.audience == Audience.SHARED and comment.organisation.kind != Kind.ANS:
        agents = Membership.objects.filter(role__in=ANS_ROLES, organisation__is_active=True)
        found = User.objects.filter(is_active=True, pk__in=agents.values("user"))
        yield list(found.order_by("pk"))


def file_lines(files: Iterable[CommentFile]) -> list[dict[str, Any]]:
    """As `components/_file_line.html` shows them."""
    return [{**file_line(file, "teamwork:comment_file"), "by": ""} for file in files]


def page_of_file(row: CommentFile) -> str:
    """Where comments are written on what the comment of this file is about."""
    comment = row.comment
    kind = kind_of_type(comment.subject_type)
    return f"{kind.page(kind.rows().get(pk=comment.subject_id))}#commentaires"
