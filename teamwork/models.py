"""Who of an organisation is in charge of what, who stands in for whom, what they say of it.

What people are in charge of, or comment on, is named as the journal names it, by its type and key:
this app knows no deadline, no PV and no ticket.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organisation
from documents.models import StoredFile
from teamwork.enums import Audience
from teamwork.querysets import CommentFileQuerySet, CommentQuerySet


class Charge(models.Model):
    """The one person who is in charge of something for the organisation that must do it."""

    subject_type = models.CharField("nature de l'objet", max_length=60)
    subject_id = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="charges")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="charges", verbose_name="en charge"
    )
    since = models.DateTimeField("depuis le", default=timezone.now)

    class Meta:
        verbose_name = "prise en charge"
        verbose_name_plural = "prises en charge"
        constraints = (
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="charge_unique"),
        )
        indexes = (models.Index(fields=["person", "subject_type"], name="charge_of_person"),)

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} : {self.person}"


class Absence(models.Model):
    """Somebody is away up to and including the day `until`; `stand_in` acts meanwhile."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absence")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="standing_in",
        verbose_name="remplaçant",
    )
    until = models.DateField("absent jusqu'au")
    declared_at = models.DateTimeField("enregistrée le", default=timezone.now)

    class Meta:
        verbose_name = "absence"
        constraints = (
            models.CheckConstraint(
                condition=~Q(user=F("stand_in")),
                name="absence_stand_in_is_another",
                violation_error_message="Choisissez une autre personne pour vous remplacer.",
            ),
        )

    def __str__(self) -> str:
        return f"jusqu'au {self.until:%d/%m/%Y}"


class Comment(models.Model):
    """What somebody says of something, for their own organisation, or for the ANS too where both
    see it. `owner` is the organisation of the subject, `organisation` the author's. Nobody changes
    a comment.
    """

    subject_type = models.CharField("nature de l'objet", max_length=60)
    subject_id = models.BigIntegerField()
    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="comments")
    audience = models.CharField("lu par", max_length=8, choices=Audience)
    body = models.TextField("commentaire", max_length=4000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments"
    )
    author_name = models.CharField(max_length=150)
    at = models.DateTimeField("le", default=timezone.now)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire"
        ordering = ("at", "pk")
        indexes = (models.Index(fields=["subject_type", "subject_id", "at"], name="comment_of"),)

    def __str__(self) -> str:
        return f"{self.author_name}, {self.at:%d/%m/%Y}"


class CommentFile(StoredFile):
    """A file joined to a comment."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="files")

    objects = CommentFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier joint à un commentaire"
        verbose_name_plural = "fichiers joints aux commentaires"
        ordering = ("pk",)
