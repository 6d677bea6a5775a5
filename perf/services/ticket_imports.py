"""Support tickets as an import by lines."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.forms import CharField

from imports.services.file_lines import FileLine, stored
from imports.services.lines import LineImport
from journal.rules.by import By
from perf.models import Service, Ticket
from perf.permissions import can_record, sources_of
from perf.services.imports import UNKNOWN, services_of
from perf.services.tickets import CORRECTED, check, save_tickets
from segur.fields import IdentifierFormField
from segur.form_fields import InstantCellField

NOT_OURS = "Vous pouvez lire ce service ; ses tickets sont enregistrés par son Fournisseur."
PARIS = "Heure de Paris, ou avec son décalage."


def compare(lines: Sequence[FileLine], by: By, *, lock: bool) -> None:
    services = services_of(by.actor, {line.values["service"] for line in lines}, lock=lock)
    ours = {code for code, one in services.items() if can_record(by.actor, one.prestation)}
    known = _known(services, lines, lock=lock)
    for line in lines:
        code, reference = line.values["service"], line.values["reference"]
        if code not in services:
            line.refuse("service", UNKNOWN % code[:60])
        elif code not in ours:
            line.refuse("service", NOT_OURS)
        else:
            ticket = known.get((services[code].pk, reference)) or _new(services[code], by)
            ticket.service = services[code]
            line.give(ticket, CORRECTED)
            try:
                check(ticket, by.at)
            except ValidationError as refusal:
                line.refuse_all(refusal)


def _known(
    services: dict[str, Service], lines: Sequence[FileLine], *, lock: bool
) -> dict[tuple[int, str], Ticket]:
    owners = {service.prestation.organisation_id for service in services.values()}
    tickets = Ticket.objects.filter(service__prestation__organisation__in=owners)
    found = stored(tickets, "reference", lines, lock=lock)
    return {(ticket.service_id, ticket.reference): ticket for ticket in found}


def _new(service: Service, by: By) -> Ticket:
    return Ticket(service=service, recorded_by=by.actor, recorded_by_name=by.name)


def write(lines: Sequence[FileLine], by: By) -> None:
    save_tickets([line.subject for line in lines], by=by)


KIND = LineImport(
    code="tickets",
    title="Tickets de support",
    noun="ticket",
    lead="Un ticket par ligne. La GTI et la GTR sont calculées à partir de la déclaration.",
    columns={
        "service": IdentifierFormField(
            label="Service", max_length=60, help_text="Le code que donne la page de la prestation."
        ),
        "reference": IdentifierFormField(
            label="Référence",
            max_length=80,
            help_text="Le numéro du ticket. Le redonner modifie ce qui est enregistré.",
        ),
        "subject": CharField(label="Objet", max_length=200, help_text="En quelques mots."),
        "opened_at": InstantCellField(label="Déclaré", help_text=PARIS),
        "responded_at": InstantCellField(
            label="Pris en charge",
            required=False,
            help_text=f"{PARIS} Vide tant qu'il ne l'est pas.",
        ),
        "restored_at": InstantCellField(
            label="Rétabli",
            required=False,
            help_text=f"{PARIS} Vide tant que le ticket est ouvert.",
        ),
    },
    titles={"code du service": "service", "code": "service", "declare par le client": "opened_at"},
    key=("service", "reference"),
    examples=(
        (
            "code-a-remplacer",
            "SUP-1042",
            "Images absentes",
            "15/01/2026 10:02",
            "15/01/2026 10:20",
            "15/01/2026 14:45",
        ),
        ("code-a-remplacer", "SUP-1043", "Portail lent", "02/02/2026 09:15", "", ""),
    ),
    place="perf:tickets",
    may=lambda user: bool(sources_of(user)),
    refusal="Les tickets sont importés par les membres d'un Fournisseur et par l'ANS.",
    compare=compare,
    write=write,
)
