"""Where Django finds the models of the rooms."""

from pilots.checklists.models import ChecklistItem
from pilots.prefiguration.models import Contact, Prefigurateur
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
from pilots.va.models.installation import (
    Connector,
    ConnectorFile,
    CoupleCheck,
    Portal,
    PortalAbsence,
    PortalAbsenceFile,
    PortalFile,
)
from pilots.va.models.va import VA, Notification, VACondition, VAFile

__all__ = [
    "VA",
    "AspRequest",
    "ChecklistItem",
    "Connector",
    "ConnectorFile",
    "Contact",
    "CoupleCheck",
    "FileOpening",
    "Notification",
    "PVDecision",
    "PVFile",
    "PVMention",
    "Pilot",
    "PilotPV",
    "Portal",
    "PortalAbsence",
    "PortalAbsenceFile",
    "PortalFile",
    "Prefigurateur",
    "Publication",
    "ReasonSentence",
    "ReviewDigest",
    "VACondition",
    "VAFile",
]
