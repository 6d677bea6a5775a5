from perf.models.corrections import Correction
from perf.models.outages import Outage, OutageProof, OutageVersion, Service
from perf.models.probes import ProbeEvent
from perf.models.ratios import Ratio
from perf.models.statements import Statement
from perf.models.tickets import Ticket

__all__ = [
    "Correction",
    "Outage",
    "OutageProof",
    "OutageVersion",
    "ProbeEvent",
    "Ratio",
    "Service",
    "Statement",
    "Ticket",
]
