"""The ledger and its archive, read as one: each mail is in one of the two, whenever one asks."""

from __future__ import annotations

from typing import Any

from mailing.models import ArchivedMail, OutgoingMail
from mailing.querysets import ArchivedMailQuerySet, OutgoingMailQuerySet


def united(rows: OutgoingMailQuerySet, archived: ArchivedMailQuerySet) -> OutgoingMailQuerySet:
    """Both, newest first, without their bodies: to be counted and cut, no more."""
    archived = archived.order_by().without_content().defer("archived_at")
    found = rows.order_by().without_content().union(archived, all=True)
    return found.order_by("-created_at", "-pk")


def mails(**chosen: Any) -> OutgoingMailQuerySet:
    return united(OutgoingMail.objects.filter(**chosen), ArchivedMail.objects.filter(**chosen))


def mail_of_key(key: str) -> OutgoingMail | None:
    """In one statement: a mail that is being moved is seen once."""
    return next(iter(mails(dedupe_key=key)), None)


def archived_mail(**chosen: Any) -> OutgoingMail | None:
    """As it was in the ledger."""
    names = [field.attname for field in OutgoingMail._meta.concrete_fields]  # noqa: SLF001
    found = ArchivedMail.objects.filter(**chosen).values(*names).first()
    return OutgoingMail(**found) if found else None
