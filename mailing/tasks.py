"""What the worker runs for the mails."""

from celery import shared_task
from django.utils import timezone

from mailing.services import archiving, bounces, delivery

MAIL_TIME_LIMIT = 1500
"""Seconds: the last mail of a run may take its lease and the minutes after its content."""


@shared_task(time_limit=MAIL_TIME_LIMIT)
def deliver_mail(mail_id: int) -> None:
    delivery.deliver(mail_id, now=timezone.now())


@shared_task(time_limit=MAIL_TIME_LIMIT)
def deliver_waiting() -> int:
    now = timezone.now()
    delivery.wipe_undelivered(now=now)
    delivery.share_waiting(now=now)
    return delivery.deliver_waiting(now=now)


@shared_task(time_limit=MAIL_TIME_LIMIT)
def help_deliver() -> int:
    return delivery.deliver_waiting(now=timezone.now())


@shared_task
def read_bounces() -> int:
    return bounces.read(now=timezone.now())


@shared_task
def archive_mails() -> int:
    return archiving.archive(now=timezone.now())
