"""What an organisation takes with it (`privacy.selectors.tables`): services, outages, tickets."""

from perf.models import Outage, OutageVersion, Ratio, Service, Statement, Ticket
from privacy.selectors.tables import Table

TABLES = (
    Table("services", Service, "prestation__organisation", ("prestation", "code", "probe_id")),
    Table(
        "indisponibilites",
        Outage,
        "service__prestation__organisation",
        (
            *("service", "nature", "standing", "started_at", "ended_at", "contested_at"),
            *("contest_reason", "decided_at", "decision_reason", "created_at"),
        ),
    ),
    Table(
        "declarations",
        OutageVersion,
        "organisation",
        (
            *("outage", "service", "source", "reference", "started_at", "ended_at", "cause"),
            *("recorded_by_name", "recorded_at", "updated_at"),
        ),
    ),
    Table(
        "tickets",
        Ticket,
        "service__prestation__organisation",
        (
            *("service", "reference", "subject", "opened_at", "responded_at", "restored_at"),
            *("gti_due_at", "gtr_due_at", "recorded_by_name", "recorded_at"),
        ),
    ),
    Table(
        "perfm_perfe",
        Ratio,
        "prestation__organisation",
        (
            *("prestation", "indicator", "month", "local_numerator", "local_denominator"),
            *("remote_numerator", "remote_denominator", "recorded_by_name", "recorded_at"),
        ),
    ),
    Table(
        "releves",
        Statement,
        "prestation__organisation",
        ("prestation", "number", "period_start", "period_end", "document", "sha256", "issued_at"),
    ),
)
