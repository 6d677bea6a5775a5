"""Vocabulary of the mails."""

from django.db import models


class MailState(models.TextChoices):
    QUEUED = "A_ENVOYER", "À envoyer"
    SENDING = "EN_COURS", "Envoi en cours"
    SENT = "ENVOYE", "Envoyé"
    FAILED = "ECHEC", "Échec"
    CANCELLED = "ANNULE", "Annulé"
