"""What the worker runs for the mails."""

from celery import shared_task
from django.utils import timezone

from mailing.services import delivery


@shared_task
def deliver_mail(mail_id: int) -> None:
    delivery.deliver(mail_id, now=timezone.now())


@shared_task
def deliver_waiting() -> int:
    return delivery.deliver_waiting(now=timezone.now())
