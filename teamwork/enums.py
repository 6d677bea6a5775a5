"""Vocabulary of the work of several people on one thing."""

from django.db import models

from journal.rules.workflow import LABELS
from mailing.rules import MailKind

TEAM_MAIL = MailKind("EQUIPE", "Ce qui m'est confié, et les commentaires", is_optional=True)


class Audience(models.TextChoices):
    """Who reads a comment."""

    TEAM = "EQUIPE", "Mon organisation"
    SHARED = "PARTAGE", "Partagé avec l'ANS"


LABELS.update(
    {
        "charge.give": "Confié à une personne",
        "charge.drop": "N'est plus confié à personne",
        "absence.declare": "Absence",
        "absence.end": "Fin d'absence",
        "comment.write": "Commentaire",
    }
)
