from pilots.pv.models.pilots import (
    AspRequest,
    Pilot,
    PilotPV,
    PVDecision,
    PVEvent,
    PVFile,
    PVMention,
    ReviewDigest,
)
from pilots.pv.models.publications import Publication

__all__ = [
    "AspRequest",
    "PVDecision",
    "PVEvent",
    "PVFile",
    "PVMention",
    "Pilot",
    "PilotPV",
    "Publication",
    "ReviewDigest",
]
