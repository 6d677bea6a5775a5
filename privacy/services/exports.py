"""Exports of what concerns a person and of what an organisation has here: a ZIP of JSON and files,
made while it is sent. The journal says who took it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from accounts.enums import Role
from accounts.models import Invitation, Organisation, User
from accounts.permissions import role_in
from documents.models import StoredFile
from documents.services.archive import ArchivedFile, StreamedFile, archive
from journal.enums import Readers
from journal.models import Entry
from journal.rules.by import By
from journal.services.entries import write
from mailing.models import ArchivedMail, OutgoingMail
from privacy.selectors.columns import is_own, links_to_people
from privacy.selectors.tables import BATCH, FILES, TABLES, json_lines

SECRET = {"password", "nonce", "salt", "token", "token_secret", "token_sha256", "session_key"} | {
    *("content", "data", "key", "digest", "hash", "secret")
}
"""Columns that open something, or hold bytes: in no export."""
MANDATAIRES_ONLY = (
    "Les données d'une organisation sont exportées par ses Mandataires et par les Responsables de "
    "l'ANS."
)
DATA, RECEIVED = "Données", "Fichiers"
ACT = ("at", "what", "note", "subject_type", "subject_id", "subject_label", "origin")


@transaction.atomic
def person_export(*, by: By) -> Iterator[bytes]:
    """All that is the person's own, the acts that they signed, and where else they are named. The
    files are those that they gave and may still read.
    """
    user = by.actor
    write(
        user,
        "person.export",
        by=by,
        what="Données personnelles exportées",
        label=f"Compte n° {user.pk}",
        readers=Readers.ANS,
    )
    made = [
        StreamedFile(DATA, f"{name}.json", partial(json_lines, rows.iterator(BATCH)), by.at)
        for name, rows in _of_person(user)
    ]
    about = {"export": "données d'une personne", "compte": user.email}
    return archive(about, _given_by(user), made=made, at=by.at)


def _of_person(user: User) -> Iterator[tuple[str, models.QuerySet[Any, Any]]]:
    yield "compte", User.objects.filter(pk=user.pk).values(*open_fields(User))
    for model, field in links_to_people():
        rows: Any = model._base_manager.filter(**{field.name: user})  # noqa: SLF001  (documented)
        is_whole = is_own(field) or model in (OutgoingMail, ArchivedMail)
        fields = open_fields(model) if is_whole else _dates(model)
        name = f"{model._meta.label_lower}.{field.name}"  # noqa: SLF001  (as above)
        yield name, rows.order_by("pk").values(*fields)
    invitations = Invitation.objects.filter(email__iexact=user.email)
    yield "invitations", invitations.values(*open_fields(Invitation))
    entries = Entry.objects.filter(signer__user_id=user.pk)
    yield "journal", entries.order_by("pk").values("pk", "act", *ACT)


def open_fields(model: type[models.Model]) -> list[str]:
    return [
        field.attname
        for field in model._meta.concrete_fields  # noqa: SLF001  (documented by Django)
        if field.name not in SECRET
    ]


def _dates(model: type[models.Model]) -> list[str]:
    """Of a row that is not the person's: which one it is, and when."""
    fields = model._meta.concrete_fields  # noqa: SLF001  (as above)
    return ["pk", *(one.name for one in fields if isinstance(one, models.DateTimeField))]


def _given_by(user: User) -> Iterator[ArchivedFile]:
    for model in apps.get_models():
        if issubclass(model, StoredFile):
            manager: Any = model._default_manager  # noqa: SLF001  (as above)
            seen = manager.visible_to(user).filter(uploaded_by=user).order_by("pk")
            for file in seen.iterator():
                yield ArchivedFile(RECEIVED, file)


def export_role(user: User, organisation: Organisation) -> Role | None:
    """By which role: a responsable of the ANS any organisation, with what the ANS reads of it; a
    Mandataire their own; None for anybody else."""
    if user.is_responsable:
        return Role.RESPONSABLE
    return Role.MANDATAIRE if role_in(user, organisation.pk) == Role.MANDATAIRE else None


def may_export(user: User, organisation: Organisation) -> bool:
    return export_role(user, organisation) is not None


def count_files(organisation: Organisation, user: User) -> int:
    return sum(1 for _ in _files(organisation, user))


def organisation_export(
    *, organisation: Organisation, user: User, at: dt.datetime, seen: Callable[[], None]
) -> Iterator[bytes]:
    """The ZIP of what this person reads of an organisation; `seen` is called before each file.
    Raises PermissionDenied."""
    if not may_export(user, organisation):
        raise PermissionDenied(MANDATAIRES_ONLY)
    made = [
        StreamedFile(
            DATA, f"{table.name}.json", partial(json_lines, table.rows(organisation, user)), at
        )
        for table in TABLES
    ]
    about = {"export": "données d'une organisation", "organisation": str(organisation)}
    return archive(about, _noticed(_files(organisation, user), seen), made=made, at=at)


def _files(organisation: Organisation, user: User) -> Iterator[ArchivedFile]:
    return (file for find in FILES for file in find(organisation, user))


def _noticed(files: Iterator[ArchivedFile], seen: Callable[[], None]) -> Iterator[ArchivedFile]:
    for file in files:
        seen()
        yield file
