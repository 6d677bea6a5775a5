"""A ticket on paper."""

from __future__ import annotations

import datetime as dt

from documents.display.records import record_pdf
from perf.selectors.tickets import TicketClock, TicketRow
from segur.lib import paris


def ticket_pdf(row: TicketRow, *, now: dt.datetime) -> bytes:
    """What is recorded of a ticket, its two clocks read at `now`. Raises what `make_pdf` raises."""
    ticket = row.ticket
    prestation = ticket.service.prestation
    return record_pdf(
        f"Ticket {ticket.reference}",
        about=str(prestation),
        organisation=str(prestation.organisation),
        statement=f"Horloges lues le {paris.stamp(now)}.",
        facts=[
            ("Objet", ticket.subject),
            ("Client", f"{prestation.client}, FINESS {prestation.client.finess}"),
            ("Solution", prestation.supplier.solution),
            ("Service", ticket.service.code),
            ("Déclaré", paris.stamp(ticket.opened_at)),
            ("Pris en charge", _stamp(ticket.responded_at)),
            ("Rétabli", _stamp(ticket.restored_at)),
            ("Enregistré", f"{paris.stamp(ticket.recorded_at)}, par {ticket.recorded_by_name}"),
        ],
        sections=[("Garanties", [_clock(clock) for clock in row.clocks])],
        at=now,
    )


def _stamp(at: dt.datetime | None) -> str:
    return paris.stamp(at) if at else "pas encore"


def _clock(clock: TicketClock) -> str:
    state = clock.state.word.lower()
    return f"{clock.name}, {clock.title.lower()} : {state}, due le {paris.stamp(clock.due_at)}"
