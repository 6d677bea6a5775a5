"""Every column of every table where the name or the address of a person may stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import models

from accounts.models import User
from journal.models import Signer
from journal.services.append_only import TABLES
from privacy.rules.register import REGISTER
from segur.fields import NameField

PUBLIC = {
    *("search_text", "solution_name", "solution_version", "editeur_name", "supplier_name"),
}
"""With the fields of class NameField: the public identity of organisations and solutions."""
IDENTITIES = (User, EmailAddress, SocialAccount, Signer)
"""Who others are: the rows of the erased person are emptied or deleted, and nothing is looked for
in the rest."""


def kept_by_law() -> set[str]:
    """The «table.column» that the register names."""
    return {column for line in REGISTER.values() for column in line.columns}


def text_columns() -> Iterator[tuple[type[models.Model], list[models.Field[Any, Any]]]]:
    """Models with their columns of text that an erasure goes through: all but those that the law
    keeps, what says who others are, and the journal, whose chain covers every word.
    """
    law = kept_by_law()
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table  # noqa: SLF001  (documented by Django)
        fields: list[models.Field[Any, Any]] = [
            field
            for field in model._meta.concrete_fields  # noqa: SLF001  (as above)
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
            and not field.choices
            and not isinstance(field, NameField)
            and field.name not in PUBLIC
            and f"{table}.{field.column}" not in law
        ]
        if fields and table not in TABLES and model not in IDENTITIES:
            yield model, fields


def links_to_people() -> Iterator[tuple[type[models.Model], models.ForeignKey[Any, Any]]]:
    """Every foreign key to a person."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001  (as above)
            if isinstance(field, models.ForeignKey) and field.related_model is User:
                yield model, field


def is_own(field: models.ForeignKey[Any, Any]) -> bool:
    """Whether a row is the person's own, so that it would go with them."""
    return bool(field.remote_field.on_delete is models.CASCADE)
