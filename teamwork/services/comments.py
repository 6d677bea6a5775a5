"""A comment is written, once and for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model

from accounts.enums import Kind
from documents.services.proofs import shelf
from journal.enums import Readers
from journal.querysets import type_of
from journal.services.entries import write
from mailing.services.links import absolute
from mailing.services.mail import tell
from teamwork.enums import TEAM_MAIL, Audience
from teamwork.models import Comment, CommentFile
from teamwork.selectors.charges import kind_of
from teamwork.selectors.comments import audiences, notified_of, speaks_for

if TYPE_CHECKING:
    from journal.rules.by import By

MUST_SEE = "Vous ne voyez pas cet objet."
NOT_OFFERED = "L'ANS ne voit pas encore cet objet : ce commentaire reste dans votre organisation."


def write_comment(
    subject: Model,
    *,
    body: str,
    audience: str,
    by: By,
    proofs: Sequence[UploadedFile[Any]] = (),
) -> Comment:
    """On an object that the person sees, for the organisation that they work for, or another of
    theirs that sees it. Those who take part are notified. Raises PermissionDenied, ValidationError.
    """
    with shelf() as kept, transaction.atomic():
        kind = kind_of(subject)
        organisation = speaks_for(kind, subject, by.actor, by.organisation)
        if organisation is None or not kind.seen_by(by.actor).filter(pk=subject.pk).exists():
            raise PermissionDenied(MUST_SEE)
        offered = audiences(kind, subject, organisation)
        if audience not in offered:
            raise ValidationError({"audience": NOT_OFFERED})
        comment = Comment.objects.create(
            subject_type=type_of(subject),
            subject_id=subject.pk,
            owner_id=kind.organisation(subject),
            organisation=organisation,
            audience=audience,
            body=body,
            author=by.user,
            author_name=by.name[:150],
            at=by.at,
        )
        kept.put(lambda: CommentFile(comment=comment), proofs, by=by)
        _journal(subject, comment, offered[Audience(audience)], by)
        tell(
            notified_of(kind, comment, subject),
            kind=TEAM_MAIL,
            template="comment",
            context={
                "comment": comment,
                "about": kind.words(subject),
                "url": f"{absolute(kind.page(subject))}#commentaires",
                "files": list(comment.files.all()),
            },
            key=f"comment:{comment.pk}",
            about=subject,
            by=by,
        )
    return comment


def _journal(subject: Model, comment: Comment, read_by: str, by: By) -> None:
    """The text stays out of the journal, which nobody can erase. The ANS's own are its own."""
    is_own = comment.organisation.kind == Kind.ANS and comment.audience == Audience.TEAM
    write(
        subject,
        "comment.write",
        by=by,
        what=f"Commentaire, lu par : {read_by[:1].lower()}{read_by[1:]}",
        organisation_id=comment.owner_id if not is_own else None,
        after={"comment": comment.pk},
        readers=Readers.ANS if is_own else Readers.ALL,
    )
