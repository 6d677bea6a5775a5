"""Vocabulary of the mails."""

from django.db import models


class MailKind(models.TextChoices):
    REMINDER = "RAPPEL", "Rappels avant échéance"
    CALENDAR = "CALENDRIER", "Changements de calendrier"
    RECEIPT = "ACCUSE", "Accusés d'enregistrement"
    TICKET = "TICKET", "Tickets de support à risque (GTI, GTR)"
    DECISION = "DECISION", "Décisions de l'ANS, sur un dépôt, un PV ou une panne"
    DIGEST = "POINT", "Point du jour des PV à instruire (agents de l'ANS)"
    VA = "VA", "VA qui attend la mise à jour du RIS"
    PREFIGURATION = "PREFIG", "Préfigurateurs : contact technique demandé, entretien"
    ACCOUNT = "COMPTE", "Compte, invitations et sécurité"


OPTIONAL_MAIL = (
    MailKind.REMINDER,
    MailKind.CALENDAR,
    MailKind.TICKET,
    MailKind.DIGEST,
    MailKind.VA,
    MailKind.PREFIGURATION,
)
"""The kinds that a person may switch off; the others prove or protect."""


class MailState(models.TextChoices):
    QUEUED = "A_ENVOYER", "À envoyer"
    SENDING = "EN_COURS", "Envoi en cours"
    SENT = "ENVOYE", "Envoyé"
    FAILED = "ECHEC", "Échec"
    CANCELLED = "ANNULE", "Annulé"
