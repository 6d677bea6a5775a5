from pilots.pv.models.pilots import (
    AspRequest,
    FileOpening,
    Pilot,
    PilotPV,
    PVDecision,
    PVFile,
    PVMention,
    ReviewDigest,
)
from pilots.pv.models.publications import Publication
from pilots.pv.models.sentences import ReasonSentence

__all__ = [
    "AspRequest",
    "FileOpening",
    "PVDecision",
    "PVFile",
    "PVMention",
    "Pilot",
    "PilotPV",
    "Publication",
    "ReasonSentence",
    "ReviewDigest",
]
