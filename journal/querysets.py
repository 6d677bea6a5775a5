"""Who reads what of the journal: the ANS everything, a member what concerns their organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from journal.enums import Readers

if TYPE_CHECKING:
    from accounts.models import User
    from journal.models import Entry


CREATE, EDIT = "create", "edit"


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User) -> Self:
        if user.is_ans:
            return self.readable_to(user)
        return self.filter(organisation_id__in=list(user.roles)).for_all()

    def readable_to(self, user: User) -> Self:
        """Of objects that the person sees. Somebody who also belongs to another organisation than
        the ANS does not read what is the ANS's own: it may be about that organisation.
        """
        return self if user.is_only_ans else self.for_all()

    def for_all(self) -> Self:
        return self.filter(Q(readers=Readers.ALL) | Q(release__isnull=False))

    def of(self, row: models.Model) -> Self:
        """Of this object and of those merged into it, bulk acts that list it included. A model
        whose rows can be merged names them by a method `merged_keys`.
        """
        keys = [row.pk, *(row.merged_keys() if hasattr(row, "merged_keys") else ())]
        mentions = apps.get_model("journal", "Mention").objects.filter(object_id__in=keys)
        found = Q(subject_id__in=keys) | Q(pk__in=mentions.values("entry"))
        return self.filter(found, subject_type=type_of(row))


def type_of(row: models.Model | type[models.Model]) -> str:
    """«calendar_app.deadline»."""
    return row._meta.label_lower  # noqa: SLF001  (documented by Django)


def act_of(row: models.Model, name: str) -> str:
    """«solution.edit»."""
    return f"{row._meta.model_name}.{name}"  # noqa: SLF001  (as above)
