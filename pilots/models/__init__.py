from pilots.models.checklists import ChecklistItem
from pilots.models.installation import (
    Connector,
    ConnectorFile,
    CoupleCheck,
    Portal,
    PortalAbsence,
    PortalAbsenceFile,
    PortalFile,
)
from pilots.models.pilots import (
    AspRequest,
    Pilot,
    PilotPV,
    PVDecision,
    PVEvent,
    PVFile,
    PVMention,
    ReviewDigest,
)
from pilots.models.prefigurateurs import Contact, Prefigurateur, PrefigurateurEvent
from pilots.models.publications import Publication
from pilots.models.va import VA, Notification, VACondition, VAEvent, VAFile

__all__ = [
    "VA",
    "AspRequest",
    "ChecklistItem",
    "Connector",
    "ConnectorFile",
    "Contact",
    "CoupleCheck",
    "Notification",
    "PVDecision",
    "PVEvent",
    "PVFile",
    "PVMention",
    "Pilot",
    "PilotPV",
    "Portal",
    "PortalAbsence",
    "PortalAbsenceFile",
    "PortalFile",
    "Prefigurateur",
    "PrefigurateurEvent",
    "Publication",
    "ReviewDigest",
    "VACondition",
    "VAEvent",
    "VAFile",
]
