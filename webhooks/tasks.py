"""What the worker runs for the webhooks."""

from celery import shared_task
from django.utils import timezone

from webhooks.services import events, sending


@shared_task
def send_due() -> int:
    now = timezone.now()
    events.collect(now=now)
    return sending.send_due(now=now)
