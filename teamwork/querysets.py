"""Who reads a comment: the author's organisation; when it is shared, the ANS and the organisation
of the subject too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from teamwork.enums import Audience

if TYPE_CHECKING:
    from accounts.models import User
    from teamwork.models import Comment, CommentFile


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(_read_by(user, ""))


class CommentFileQuerySet(models.QuerySet["CommentFile"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(_read_by(user, "comment__"))


def _read_by(user: User, path: str) -> Q:
    """Through «voir comme» the ANS reads what is shared with it, never what a team says."""
    mine = list(user.roles)
    shared = Q(**{f"{path}audience": Audience.SHARED})
    owned = shared if user.is_ans else shared & Q(**{f"{path}owner__in": mine})
    own = Q(**{f"{path}organisation__in": mine})
    return (shared & own if user.is_looked_through else own) | owned
