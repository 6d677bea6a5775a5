from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mailing.enums import MailState
from mailing.querysets import ArchivedMailQuerySet, OutgoingMailQuerySet
from mailing.rules import kind_of


class MailRecord(models.Model):
    """What is known of a mail, in the ledger or in its archive."""

    kind = models.CharField(max_length=10)
    topic = models.CharField(max_length=40, blank=True)
    to_email = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=300)
    body_text = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)
    is_sensitive = models.BooleanField(default=False)
    page = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField("lu le", null=True)

    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    doubts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class OutgoingMail(MailRecord):
    """The ledger of every mail to one recipient: written with the act that causes it, then sent.

    A reminder is written without subject nor bodies: they are composed at sending. What is stored
    is what leaves, byte for byte.
    The same row is what `/notifications/` shows: `page` is the address on this site that the button
    of the mail opens, `read_at` when its person opened it; the row of a kind that the person wants
    no mail of ends as SHOWN. `topic` is what the app lets people choose by, within a kind.
    `message_id` is fixed before the first attempt, so that a repeated attempt is the same message.
    `lease_until` is when an unfinished attempt may be taken over. `doubts` counts the attempts
    whose content was sent and whose fate is not known (`mailing.services.delivery`).
    `is_sensitive` mail (links that open an account) loses its bodies once it has left.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="mails"
    )
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001
    message_id = models.CharField(max_length=120, unique=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["state", "next_attempt_at"], name="mail_to_send"),
            models.Index(fields=["user", "created_at"], name="mail_of_person"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="mail_unread"),
        )

    def __str__(self) -> str:
        return f"{self.title} → {self.to_email}"

    @property
    def journal_label(self) -> str:
        """An entry cannot be erased: it names nobody."""
        return f"Courriel {self.pk} ({self.kind_label})"

    @property
    def kind_label(self) -> str:
        return kind_of(self.kind).label

    @property
    def title(self) -> str:
        """Its subject; its kind while it is not composed."""
        return self.subject or self.kind_label


class ArchivedMail(MailRecord):
    """A mail that has ended and whose texts were forgotten (`mailing.services.archiving`): lists
    and its page read it as one of the ledger, and its key is kept: news already mailed is not
    mailed again.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001
    message_id = models.CharField(max_length=120)
    archived_at = models.DateTimeField()

    objects = ArchivedMailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel archivé"
        verbose_name_plural = "courriels archivés"
        indexes = (
            models.Index(fields=["user", "created_at"], name="archived_mail_of_person"),
            models.Index(fields=["state", "created_at"], name="archived_mail_by_date"),
        )

    def __str__(self) -> str:
        return f"{self.pk} · {self.created_at:%d/%m/%Y}"


class MailQueue(models.Model):
    """One row for the whole site: whether mails may leave (`mailing.services.queue`).

    `refusal` is the last answer that kept mails, without the recipient, and `refused` the mails
    that were given it in a row. `paused_until` ends by itself; `held_at` by an act.
    """

    refusal = models.TextField(blank=True)
    refused = models.JSONField(default=list)
    pauses = models.PositiveSmallIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    held_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "file des courriels"
        verbose_name_plural = "file des courriels"
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="mail_queue_is_one"),)

    def __str__(self) -> str:
        return "file des courriels"
