"""Vocabulary of outages, tickets and ratios (DOMAIN §4)."""

from django.db import models

from mailing.rules import MailKind


class Source(models.TextChoices):
    """Who says that the service was out. The order is that in which a version counts."""

    ANS = "ANS", "Supervision de l'ANS"
    SUPPLIER = "FOURNISSEUR", "Fournisseur"
    CLIENT = "CLIENT", "Client"
    IMPORT = "IMPORT", "Import"


class OutageNature(models.TextChoices):
    OUTAGE = "PANNE", "Panne"
    MAINTENANCE = "MAINTENANCE", "Maintenance annoncée"
    UNMEASURED = "NON_MESURE", "Non mesuré"
    """The probe itself was out: nothing is known, nothing counts."""

    @property
    def noun(self) -> str:
        """After «la» or «cette»: the only word for one outage, feminine whatever its nature. Of
        several, whose natures may differ, one says «indisponibilités»."""
        return _NOUNS[self]


_NOUNS = {
    OutageNature.OUTAGE: "panne",
    OutageNature.MAINTENANCE: "maintenance",
    OutageNature.UNMEASURED: "période non mesurée",
}


class OutageStanding(models.TextChoices):
    """An outage counts unless it is «non retenue»; while contested it counts."""

    UNCONTESTED = "NON_CONTESTEE", "Non contestée"
    CONTESTED = "CONTESTEE", "Contestée"
    RETAINED = "RETENUE", "Retenue"
    NOT_RETAINED = "NON_RETENUE", "Non retenue"


class CorrectionAct(models.TextChoices):
    """What a party asked that lowers D_f."""

    RECORD = "MODIFIER", "Modification d'une version"
    MERGE = "RAPPROCHER", "Rapprochement"
    SEPARATE = "SEPARER", "Séparation d'une version"


class CorrectionState(models.TextChoices):
    PENDING = "EN_ATTENTE", "En attente de l'ANS"
    ACCEPTED = "ACCEPTEE", "Acceptée"
    REFUSED = "REFUSEE", "Refusée"
    REPLACED = "REMPLACEE", "Remplacée"
    """By a later value of its source."""
    WITHDRAWN = "RETIREE", "Retirée"
    """By who asked for it, before the decision."""


class Indicator(models.TextChoices):
    PERFM = "PERFM", "PERFm"
    PERFE = "PERFE", "PERFe"


class Period(models.TextChoices):
    """How long one observation period of D_f is."""

    MONTH = "MOIS", "Mois civil"
    QUARTER = "TRIMESTRE", "Trimestre civil"
    HALF = "SEMESTRE", "Semestre civil"
    YEAR = "ANNEE", "Année civile"


TICKET_MAIL = MailKind("TICKET", "Tickets de support à risque (GTI, GTR)", is_optional=True)
