"""Vocabulary of DOMAIN §1 and the roles of the industriels."""

from django.db import models


class Kind(models.TextChoices):
    EDITEUR = "EDITEUR", "Éditeur"
    DISTRIBUTEUR = "DISTRIBUTEUR", "Distributeur"
    CLIENT = "CLIENT", "Client"
    ANS = "ANS", "ANS"


class Role(models.TextChoices):
    MANDATAIRE = "MANDATAIRE", "Mandataire"
    REPRESENTANT = "REPRESENTANT", "Représentant"
    SALARIE = "SALARIE", "Salarié"
    AGENT = "AGENT", "Agent de l'ANS"
    RESPONSABLE = "RESPONSABLE", "Responsable à l'ANS"


class InvitationState(models.TextChoices):
    """Derived from the dates of an invitation and the clock, never stored."""

    PENDING = "EN_ATTENTE", "En attente"
    EXPIRED = "EXPIREE", "Expirée"
    ACCEPTED = "ACCEPTEE", "Acceptée"
    REVOKED = "RETIREE", "Retirée"


class KeyState(models.TextChoices):
    """Of a key of the API. Derived from its dates and the clock, never stored."""

    ACTIVE = "ACTIVE", "Active"
    ENDED = "TERMINEE", "Terminée"
    REVOKED = "RETIREE", "Retirée"


class ResetState(models.TextChoices):
    """Of the removal of a lost second factor."""

    WAITING = "DEMANDEE", "Demandée"
    DONE = "FAITE", "Faite"
    CANCELLED = "ANNULEE", "Annulée"


class Theme(models.TextChoices):
    AUTO = "auto", "Comme l'appareil"
    LIGHT = "clair", "Clair"
    DARK = "sombre", "Sombre"


INDUSTRY_ROLES = (Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE)
ANS_ROLES = (Role.AGENT, Role.RESPONSABLE)

ROLES_OF_KIND: dict[Kind, tuple[Role, ...]] = {
    Kind.EDITEUR: INDUSTRY_ROLES,
    Kind.DISTRIBUTEUR: INDUSTRY_ROLES,
    Kind.ANS: ANS_ROLES,
    Kind.CLIENT: (),
}
"""Roles that a kind of organisation gives. A Client signs the VA and the PV, but has no login."""

SUPPLIER_KINDS = (Kind.EDITEUR, Kind.DISTRIBUTEUR)

FILING_ROLES = (Role.MANDATAIRE, Role.REPRESENTANT)
"""Those who file, or declare a deposit: the organisation is bound by it."""

LEADING_ROLES = (Role.MANDATAIRE, Role.RESPONSABLE)
"""Those who manage the members: an organisation that has one never loses its last."""

ROLE_MEANING: dict[Role, str] = {
    Role.MANDATAIRE: "gère les membres, dépose et déclare les dépôts",
    Role.REPRESENTANT: "dépose et déclare les dépôts",
    Role.SALARIE: "consulte et prépare les brouillons, sans déposer",
    Role.AGENT: "instruit les dossiers",
    Role.RESPONSABLE: "instruit, modifie les calendriers, gère les organisations",
}
"""DESIGN «Access», in the words of the forms and of the invitation."""
