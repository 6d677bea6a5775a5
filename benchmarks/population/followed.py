"""What apps follow of the prestations: pilots and their PV, publications, VA, services, outages."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from benchmarks.population.market import Park
from benchmarks.population.size import Size, save
from calendar_app.enums import State
from calendar_app.models import Deadline, Prestation
from perf.enums import OutageNature, OutageStanding
from perf.models import Outage, Service, Ticket
from pilots.enums import (
    AspRequestKind,
    AspRequestState,
    ConditionState,
    PrefigurateurKind,
    PublicationState,
    PVState,
    Stage,
    VACase,
)
from pilots.prefiguration.models import Prefigurateur
from pilots.pv.models import AspRequest, Pilot, PilotPV, Publication
from pilots.va.models import VA, Notification, VACondition
from segur.lib.search import plain

PILOTS_OF_EACH = 3
OUTAGES_OF_EACH = 6
STATES = (
    [PVState.CONFORM] * 6
    + [PVState.SENT, PVState.IN_REVIEW, PVState.NOT_CONFORM]
    + ([PVState.DRAFT])
)
VAS, PREFIGURATEURS, TICKETS = 3_000, 120, 2_000
CONDITIONS, REPORTED = 5, 2
CLOSED, ONGOING, CONTESTED = 0.5, 0.002, 0.01
"""The part of the clocks that is closed, of the outages that last, and that are contested."""


def fill_followed(size: Size, market: Park) -> None:
    ris = [row for row in market.prestations if not row.dispositif.has_perf]
    drimbox = [row for row in market.prestations if row.dispositif.has_perf]
    _pilots(size, market, ris)
    _vas(size, drimbox)
    _services(size, market, drimbox)
    _prefigurateurs(size, market)


def _pilots(size: Size, market: Park, prestations: list[Prestation]) -> None:
    """Three of each éditeur's RIS, with the ASP's answer; published where all three conform."""
    editeur_of = {solution.pk: solution.organisation_id for solution in market.solutions}
    of_solution: defaultdict[int, list[Prestation]] = defaultdict(list)
    for row in prestations:
        if row.organisation_id == editeur_of[row.supplier.solution_id]:
            of_solution[row.supplier.solution_id].append(row)
    chosen = [row for rows in of_solution.values() for row in rows[:PILOTS_OF_EACH]]
    named = size.now - dt.timedelta(days=120)
    pilots = save(Pilot, (Pilot(prestation=row, named_at=named) for row in chosen))
    save(
        AspRequest,
        (
            AspRequest(
                prestation=row, kind=kind, state=AspRequestState.VALIDATED, **_validated(row)
            )
            for row in chosen
            for kind in AspRequestKind
        ),
    )
    pvs = save(PilotPV, (_pv(size, market, pilot) for pilot in pilots))
    _publications(size, market, pvs)


def _validated(row: Prestation) -> dict[str, dt.date | None]:
    return {"on": row.ordered_on, "deposited_on": row.ordered_on, "validated_on": row.ordered_on}


def _pv(size: Size, market: Park, pilot: Pilot) -> PilotPV:
    """All three of two solutions in three are conforme."""
    solution = pilot.prestation.supplier.solution_id
    state = PVState.CONFORM if solution % 3 else size.draw.choice(STATES)
    sent, is_sent = size.days_ago(90), state != PVState.DRAFT
    agent = size.draw.choice(market.agents) if state != PVState.SENT and is_sent else None
    author = market.people[pilot.prestation.organisation_id][1]
    is_decided = state in (PVState.CONFORM, PVState.NOT_CONFORM)
    return PilotPV(
        pilot=pilot,
        state=state,
        realised_on=size.days_ago(100).date(),
        signed_on=size.days_ago(95).date(),
        signatory_name="Signataire fictif",
        signatory_role="Directeur",
        prepared_by=author,
        edited_at=sent,
        sent_at=sent if is_sent else None,
        sent_by=author if is_sent else None,
        assigned_to=agent,
        assigned_by=agent,
        assigned_at=sent if agent else None,
        decided_at=min(sent + dt.timedelta(days=5), size.now) if is_decided else None,
    )


def _publications(size: Size, market: Park, pvs: list[PilotPV]) -> None:
    by_solution: defaultdict[int, set[str]] = defaultdict(set)
    for pv in pvs:
        by_solution[pv.pilot.prestation.supplier.solution_id].add(pv.state)
    published = [pk for pk, states in by_solution.items() if states == {PVState.CONFORM}]
    solutions = {row.pk: row for row in market.solutions}
    save(
        Publication,
        (
            Publication(
                solution=solutions[pk],
                organisation_id=solutions[pk].organisation_id,
                solution_name=solutions[pk].name,
                editeur_name=solutions[pk].organisation.name,
                supplier_name=solutions[pk].organisation.name,
                state=PublicationState.PUBLISHED if pk % 7 else PublicationState.PROPOSED,
                proposed_at=size.days_ago(60),
                published_at=size.days_ago(40) if pk % 7 else None,
            )
            for pk in published
        ),
    )


def _vas(size: Size, prestations: list[Prestation]) -> None:
    """Half of them wait for the RIS; of the others the two months run, or are over."""
    chosen = prestations[: size.of(VAS)]
    signed = [size.days_ago(120).date() for _ in chosen]
    clocks = iter(save(Deadline, _clocks(size, chosen[::2], signed[::2])))
    vas = save(
        VA,
        (
            VA(
                prestation=row,
                case=VACase.SOME_REPORTED,
                finalised_on=day,
                signed_on=day,
                signatory_name="Signataire fictif",
                signatory_role="Directeur",
                clock=next(clocks) if n % 2 == 0 else None,
            )
            for n, (row, day) in enumerate(zip(chosen, signed, strict=True))
        ),
    )
    save(
        Notification,
        (
            Notification(
                va=va, notified_on=va.signed_on, means="Courriel", months=2, recorded_by_name="P."
            )
            for va in vas[::2]
        ),
    )
    save(
        VACondition,
        (
            VACondition(
                va=va,
                code=f"c{n}",
                label=f"Condition {n}",
                source="Fictive",
                position=n,
                state=ConditionState.REPORTED if n < REPORTED else ConditionState.VERIFIED,
            )
            for va in vas
            for n in range(CONDITIONS)
        ),
    )


def _clocks(size: Size, prestations: list[Prestation], days: list[dt.date]) -> Iterator[Deadline]:
    for row, day in zip(prestations, days, strict=True):
        due = dt.datetime.combine(day, dt.time(23), dt.UTC) + dt.timedelta(days=61)
        is_closed = size.draw.random() < CLOSED
        yield Deadline(
            organisation_id=row.organisation_id,
            dispositif_id=row.dispositif_id,
            prestation=row,
            title="Levée des conditions de la VA",
            code="va",
            rule="Deux mois",
            due_at=due,
            state=State.ACCEPTED if is_closed else State.TO_DO,
            changed_at=min(due, size.now) if is_closed else None,
        )


def _services(size: Size, market: Park, prestations: list[Prestation]) -> None:
    """Four in five are declared, with some outages of the year."""
    services = save(
        Service,
        (
            Service(prestation=row, code=f"drimbox-{row.pk}", created_at=size.days_ago(400))
            for n, row in enumerate(prestations)
            if n % 5
        ),
    )
    save(Outage, (_outage(size, one) for one in services for _ in range(OUTAGES_OF_EACH)))
    tickets = services[:: max(1, len(services) // size.of(TICKETS))]
    save(Ticket, (_ticket(size, service) for service in tickets))


def _outage(size: Size, service: Service) -> Outage:
    begin = size.days_ago(330)
    lasts = dt.timedelta(seconds=int(60 * 400 ** size.draw.random()))
    is_open = size.draw.random() < ONGOING
    is_contested = size.draw.random() < CONTESTED
    return Outage(
        service=service,
        nature=OutageNature.OUTAGE,
        standing=OutageStanding.CONTESTED if is_contested else OutageStanding.UNCONTESTED,
        started_at=begin,
        ended_at=None if is_open else begin + lasts,
        created_at=begin,
    )


def _ticket(size: Size, service: Service) -> Ticket:
    opened = size.days_ago(20)
    due = opened + dt.timedelta(hours=8)
    instants = ("gti_due_at", "gtr_due_at", "gti_until", "gtr_until", "gti_warn_at", "gtr_warn_at")
    return Ticket(
        service=service,
        reference=f"T-{service.pk}",
        subject="Images indisponibles",
        opened_at=opened,
        responded_at=opened + dt.timedelta(hours=1),
        restored_at=opened + dt.timedelta(hours=6) if service.pk % 50 else None,
        recorded_by_name="Programme",
        **dict.fromkeys(instants, due),
    )


def _prefigurateurs(size: Size, market: Park) -> None:
    drimbox = [row for row in market.solutions if row.dispositif.has_perf]
    stages = list(Stage)
    save(
        Prefigurateur,
        (
            Prefigurateur(
                kind=PrefigurateurKind.SITE,
                name=f"Établissement fictif {n:03}",
                solution=drimbox[n % len(drimbox)],
                stage=stages[n % len(stages)],
                search_text=plain(f"Établissement fictif {n:03}"),
            )
            for n in range(size.of(PREFIGURATEURS))
        ),
    )
