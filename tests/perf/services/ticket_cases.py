"""Tickets declared, corrected and read back; instants of the Paris clock."""

import datetime as dt
from zoneinfo import ZoneInfo

from mailing.models import OutgoingMail
from perf.enums import TICKET_MAIL
from perf.models import Ticket
from perf.selectors.tickets import ticket_rows, with_subject
from perf.services.tickets import (
    correct,
    open_ticket,
)
from tests.by import acting

PARIS = ZoneInfo("Europe/Paris")
LATER = dt.datetime(2040, 12, 30, tzinfo=dt.UTC)


def at(text):
    """«2027-01-15 18:45», on the Paris clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


def declare(service, actor, opened_at, now=None, reference="INC-1", **instants):
    return open_ticket(
        service=service,
        reference=reference,
        subject="Images introuvables",
        opened_at=opened_at,
        by=acting(actor, now or LATER),
        **instants,
    )


def row_of(ticket, now):
    (row,) = ticket_rows(with_subject(Ticket.objects.filter(pk=ticket.pk)), now=now)
    return row


def corrected(ticket, actor, now=LATER, **changes):
    names = ("reference", "subject", "opened_at", "responded_at", "restored_at")
    values = {name: getattr(ticket, name) for name in names}
    return correct(ticket=ticket, by=acting(actor, now), **{**values, **changes})


def mails(**filters):
    return OutgoingMail.objects.filter(kind=TICKET_MAIL, **filters).order_by("pk")
