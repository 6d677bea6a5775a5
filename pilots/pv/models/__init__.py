from pilots.pv.models.pilots import (
    AspRequest,
    Pilot,
    PilotPV,
    PVDecision,
    PVFile,
    PVMention,
    ReviewDigest,
)
from pilots.pv.models.publications import Publication

__all__ = [
    "AspRequest",
    "PVDecision",
    "PVFile",
    "PVMention",
    "Pilot",
    "PilotPV",
    "Publication",
    "ReviewDigest",
]
