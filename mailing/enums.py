"""Vocabulary of the mails."""

from django.db import models


class MailState(models.TextChoices):
    QUEUED = "A_ENVOYER", "À envoyer"
    SENDING = "EN_COURS", "Envoi en cours"
    SENT = "ENVOYE", "Envoyé"
    SHOWN = "AFFICHE", "Affiché sur ce site"
    UNKNOWN = "INCERTAIN", "Peut-être reçu"
    BOUNCED = "REVENU", "Revenu : non remis"
    FAILED = "ECHEC", "Échec"
    CANCELLED = "ANNULE", "Annulé"
