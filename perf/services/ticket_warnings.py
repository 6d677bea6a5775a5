"""Tell the Fournisseur, once, that a guarantee is at risk, or that it is missed already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.selectors.people import people_of
from journal.rules.by import By
from mailing.services.links import absolute
from mailing.services.mail import tell
from perf.enums import TICKET_MAIL
from perf.models import Ticket
from perf.rules.guarantees import GUARANTEES, TicketGuarantee
from perf.services.tickets import follow_rules, mail_key
from segur.lib import paris


@dataclass(frozen=True)
class News:
    """One guarantee, as the mail shows it."""

    name: str
    act: str
    due_at: dt.datetime
    until: dt.datetime
    now: dt.datetime

    @property
    def is_missed(self) -> bool:
        return self.now > self.until

    @property
    def last(self) -> dt.datetime:
        """The instant to act by: due or, once that is past, the reopening at which it is missed."""
        return self.until if self.now > self.due_at else self.due_at

    @property
    def is_due_at_closing(self) -> bool:
        """Then nothing runs until the reopening."""
        return self.until > self.due_at

    @property
    def state(self) -> str:
        if self.is_missed:
            return self._missed(paris.long)
        due = f"due le {paris.long(self.due_at)}"
        if self.last == self.due_at:
            return f"à risque, {due}"
        return f"{due}, dépassée dès la réouverture, le {paris.long(self.until)}"

    def _missed(self, shown: Callable[[dt.datetime], str]) -> str:
        if self.is_due_at_closing:
            reopening = shown(self.until)
            return f"due le {shown(self.due_at)}, dépassée depuis la réouverture, le {reopening}"
        return f"dépassée depuis le {shown(self.due_at)}"

    @property
    def sentence(self) -> str:
        """The next thing to do."""
        if self.is_missed:
            return f"{self.name} {self.state} : {self.act} au plus vite."
        return (
            f"{self.act.capitalize()} au plus tard le {paris.long(self.last)} "
            f"pour tenir la {self.name}."
        )

    @property
    def subject(self) -> str:
        if self.is_missed:
            return f"{self.name} {self._missed(paris.short)}"
        return f"{self.name} à risque, {self.act} au plus tard le {paris.short(self.last)}"


ACTS = {"gti": "prenez le ticket en charge", "gtr": "rétablissez le service"}


def warn(*, now: dt.datetime) -> int:
    """Warn of every guarantee that runs and whose warning is due, by the rules as they are now; the
    number of tickets warned of.

    Asked of the table, never of the clock: after an outage of the worker what is missed meanwhile
    is announced as missed, in the one mail that had not left.
    """
    follow_rules(now=now)
    due = reduce(or_, (_is_due(guarantee, now) for guarantee in GUARANTEES))
    found = Ticket.objects.filter(due).order_by("gti_warn_at", "pk").values_list("pk", flat=True)
    return sum(_warn(pk, now) for pk in list(found))


def _is_due(guarantee: TicketGuarantee, now: dt.datetime) -> Q:
    code = guarantee.code
    return Q(**{f"{code}_warn_at__lte": now, f"{code}_warned_at": None, guarantee.done: None})


@transaction.atomic
def _warn(pk: int, now: dt.datetime) -> bool:
    """Claimed by conditional update, in the transaction that writes the mails: of two runs one
    writes, and an answer recorded meanwhile leaves nothing to claim.
    """
    ticket = Ticket.objects.filter(pk=pk)
    claimed = [
        guarantee
        for guarantee in GUARANTEES
        if ticket.filter(_is_due(guarantee, now)).update(**{f"{guarantee.code}_warned_at": now})
    ]
    if not claimed:
        return False
    row = ticket.select_related(
        "service__prestation__client",
        "service__prestation__organisation",
        "service__prestation__supplier__solution",
    ).get()
    _tell(row, claimed, people_of(row.service.prestation.organisation_id), By.clock(now))
    return True


def _tell(ticket: Ticket, claimed: list[TicketGuarantee], people: Iterable[User], by: By) -> None:
    prestation = ticket.service.prestation
    codes = ":".join(guarantee.code for guarantee in claimed)
    tell(
        people,
        kind=TICKET_MAIL,
        template="ticket_warning",
        context={
            "ticket": ticket,
            "prestation": prestation,
            "solution": prestation.supplier.solution,
            "news": [_news(ticket, guarantee, by.at) for guarantee in claimed],
            "button_url": absolute(reverse("perf:ticket", args=[ticket.pk])),
            "button_label": "Ouvrir le ticket",
        },
        key=f"{mail_key(ticket)}{codes}:{int(by.at.timestamp())}",
        topic=str(prestation.dispositif_id),
        about=ticket,
        by=by,
    )


def _news(ticket: Ticket, guarantee: TicketGuarantee, now: dt.datetime) -> News:
    code = guarantee.code
    return News(
        name=code.upper(),
        act=ACTS[code],
        due_at=getattr(ticket, f"{code}_due_at"),
        until=getattr(ticket, f"{code}_until"),
        now=now,
    )
