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
    "Connector",
    "ConnectorFile",
    "CoupleCheck",
    "Notification",
    "Portal",
    "PortalAbsence",
    "PortalAbsenceFile",
    "PortalFile",
    "VACondition",
    "VAFile",
]
