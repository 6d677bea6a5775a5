"""Vocabulary of DOMAIN §1 and the roles of the industriels."""

from django.db import models


class Kind(models.TextChoices):
    EDITEUR = "EDITEUR", "Éditeur"
    DISTRIBUTEUR = "DISTRIBUTEUR", "Distributeur"
    CLIENT = "CLIENT", "Client"
    ANS = "ANS", "Agence du Numérique en Santé"


class Role(models.TextChoices):
    MANDATAIRE = "MANDATAIRE", "Mandataire"
    REPRESENTANT = "REPRESENTANT", "Représentant"
    SALARIE = "SALARIE", "Salarié"
    AGENT = "AGENT", "Agent de l'ANS"
    RESPONSABLE = "RESPONSABLE", "Responsable à l'ANS"


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
"""Which roles a kind of organisation gives. A Client signs the VA and the PV; it does not log in."""
