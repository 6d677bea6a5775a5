"""What goes in and out. Instants carry their offset and keep their microseconds."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from api.types import CLEANED, FOLDED, Body, Code, Instant, InstantOrNone, ShownInstant, example
from perf.engine.instants import duration_text, from_us
from perf.engine.score import perf_text
from perf.enums import OutageNature, OutageStanding, Source
from perf.models import OutageVersion, Service
from perf.rules.figures import Reading
from perf.rules.periods import ObservationPeriod
from perf.selectors.situations import PerfSituation


class OutageIn(Body):
    """Une panne, dite en entier : la redire avec la même référence remplace ce qui était dit."""

    model_config = example(
        {
            "service": "drimbox-chu-exemple",
            "started_at": "2026-11-02T09:00:00+01:00",
            "ended_at": "2026-11-02T11:30:00+01:00",
            "source": "FOURNISSEUR",
            "reference": "INC-2026-0042",
            "cause": "Bascule du proxy",
        }
    )

    service: Code = Field(description="Code du service, celui que donne `GET /services`.")
    started_at: Instant = Field(description="Début, avec son décalage horaire.")
    ended_at: InstantOrNone = Field(
        description="Fin, avec son décalage horaire ; null tant que la panne dure."
    )
    source: Annotated[Source, FOLDED] = Field(
        description="La source. Une clé de Fournisseur ne donne pas « ANS »."
    )
    reference: Annotated[str, StringConstraints(min_length=1, max_length=120), FOLDED] = Field(
        description=(
            "Le numéro de la panne chez sa source. Les caractères invisibles en sont retirés, les "
            "chiffres et lettres de pleine chasse ramenés aux ordinaires."
        )
    )
    cause: Annotated[str, StringConstraints(max_length=500), CLEANED] = Field(
        "", description="En une phrase."
    )
    nature: Annotated[OutageNature | None, FOLDED] = Field(
        None, description="Absente ou null : inchangée, et PANNE pour une nouvelle référence."
    )


class VersionOut(Schema):
    """Ce qu'une source dit de la panne."""

    source: Source
    reference: str
    started_at: ShownInstant
    ended_at: ShownInstant | None
    cause: str
    counts: bool = Field(description="Cette version donne ses instants à la panne.")

    @staticmethod
    def resolve_counts(version: OutageVersion) -> bool:
        return version.pk == version.outage.counting_id


class OutageOut(Schema):
    """Une panne telle qu'elle compte, et ce qu'en dit chaque source."""

    id: int
    service: str = Field(validation_alias="service.code")
    nature: OutageNature
    standing: OutageStanding = Field(description="Contestée, elle compte ; NON_RETENUE, non.")
    started_at: ShownInstant
    ended_at: ShownInstant | None = Field(description="null tant que la panne dure.")
    versions: list[VersionOut]


class CorrectionOut(Schema):
    """Une correction qui réduit D_f : elle compte à partir de la décision de l'ANS."""

    id: int
    period: str = Field(description="La période dont D_f serait réduite : « année 2026 ».")
    counted_before_us: int = Field(
        validation_alias="counted_before", description="D_f sans la correction, en microsecondes."
    )
    counted_after_us: int = Field(
        validation_alias="counted_after", description="D_f avec la correction, en microsecondes."
    )
    perf_before: str
    perf_after: str


class RecordedOut(Schema):
    created: bool = Field(description="La référence était nouvelle.")
    changed: bool = Field(description="Quelque chose a été écrit.")
    correction: CorrectionOut | None = Field(
        description="La correction transmise à l'ANS, quand elle réduit D_f ; null sinon."
    )
    outage: OutageOut


class ServiceOut(Schema):
    """Le service supervisé d'une prestation DRIMbox."""

    code: str
    client: str = Field(validation_alias="prestation.client.name")
    finess: str = Field(validation_alias="prestation.client.finess")
    fournisseur: str = Field(validation_alias="prestation.organisation.name")
    solution: str

    @staticmethod
    def resolve_solution(row: Service) -> str:
        return str(row.prestation.supplier.solution)


class BudgetOut(Schema):
    limit_us: int = Field(description="Le seuil, en microsecondes d'indisponibilité.")
    left_us: int = Field(description="Ce qui en reste ; négatif, il est dépassé.")


class FallOut(Schema):
    """Si l'arrêt en cours continue."""

    perf: str
    at: ShownInstant = Field(description="Instant après lequel PERF devient cette valeur.")


class ReadingOut(Schema):
    """Une base de comptage."""

    base: str = Field(description="ouvrable ou continu.")
    in_force: bool = Field(description="C'est la base que retiennent les paramètres.")
    counted_us: int = Field(description="D_f, en microsecondes.")
    counted: str = Field(description="D_f, en HH:MM:SS.")
    perf: str = Field(description="1, 0.5 ou 0.")
    uncontested_us: int | None = Field(
        description="D_f sans les pannes contestées ; null si aucune ne l'est."
    )
    budgets: list[BudgetOut]
    falls: list[FallOut]


class PerfOut(Schema):
    """D_f et PERF d'un service sur sa période d'observation, dans les deux lectures."""

    service: str
    label: str = Field(description="La période : « année 2026 ».")
    start: ShownInstant
    end: ShownInstant = Field(description="Exclue.")
    provisional: bool = Field(description="Une panne dure encore : D_f peut grandir.")
    followed_since: ShownInstant = Field(
        description=(
            "Avant lui rien n'était mesuré : l'absence de mesure ne vaut pas absence de panne."
        )
    )
    readings: list[ReadingOut]


def perf_out(found: PerfSituation, period: ObservationPeriod) -> PerfOut:
    return PerfOut(
        service=found.service.code,
        label=period.label,
        start=period.start,
        end=period.end,
        provisional=found.simulation.is_provisional,
        followed_since=found.since,
        readings=[
            _reading_out(reading, in_force=reading is found.in_force)
            for reading in found.simulation.readings
        ],
    )


def _reading_out(reading: Reading, *, in_force: bool) -> ReadingOut:
    figure = reading.before
    return ReadingOut(
        base=reading.base,
        in_force=in_force,
        counted_us=figure.counted,
        counted=duration_text(figure.counted),
        perf=perf_text(figure.perf),
        uncontested_us=reading.uncontested.counted if reading.uncontested else None,
        budgets=[BudgetOut(limit_us=step.limit, left_us=left) for step, left in figure.budgets],
        falls=[
            FallOut(perf=perf_text(passing.to), at=from_us(passing.passed))
            for passing in reading.passings
            if passing.passed is not None and not passing.is_past
        ],
    )
