"""Half-connectors and portals: what applies, what may follow, which days make sense."""

import datetime as dt

from journal.rules.workflow import LABELS
from pilots.enums import ConnectorKind, ConnectorState

FIRST_YEAR = 2020
CONNECTOR_ACTS = {
    ConnectorState.TO_DO: "connector.reset",
    ConnectorState.TESTED: "connector.test",
    ConnectorState.VALIDATED: "connector.validate",
    ConnectorState.NOT_CONCERNED: "connector.set_aside",
}
"""State that an act gives a half-connector → its name in the journal."""
LABELS.update(
    {
        "connector.reset": "Demi-connecteur à faire",
        "connector.test": "Demi-connecteur testé",
        "connector.validate": "Demi-connecteur validé",
        "connector.set_aside": "Demi-connecteur sans objet",
        "portal.create": "Portail inscrit",
        "portal.update": "Portail modifié",
        "portal.absence": "Absence de portail constatée",
        "couple.check": "Point d'un couple revu",
    }
)
FLOWS_OF_THE_RIS = tuple(ConnectorKind)
FLOWS_OF_THE_DRIMBOX = (ConnectorKind.DB_CR, ConnectorKind.DB_CALL)


def kinds_of(*, is_drimbox: bool) -> tuple[ConnectorKind, ...]:
    """The half-connectors of a prestation (DOMAIN §7; seed, «Mise en œuvre des 1/2 connecteurs»).

    Every flow of the list has one end at the RIS: it feeds and calls the DRIMbox, sends the CR to
    the DPI or the PFI, takes the identities of the RI or GAM, asks the téléradiologie and takes
    its CR back. A RIS prestation has all six; one without téléradiologie says «sans objet». Only
    the first two have their other end at the DRIMbox: those of a DRIMbox prestation.
    """
    return FLOWS_OF_THE_DRIMBOX if is_drimbox else FLOWS_OF_THE_RIS


_ORDER = list(ConnectorState)


def needs_reason(before: ConnectorState, after: ConnectorState) -> bool:
    """Going back says why, and so does «sans objet», which also goes back when it is lifted."""
    if before == after:
        return False
    return after == ConnectorState.NOT_CONCERNED or _ORDER.index(after) < _ORDER.index(before)


def day_problem(day: dt.date, today: dt.date) -> str:
    """Why this day cannot be that of something done; "" when it can."""
    if day > today:
        return "Ce jour est à venir : indiquez le jour où cela a été fait."
    if day.year < FIRST_YEAR:
        return f"Ce jour est avant {FIRST_YEAR} : relisez l'année."
    return ""
