"""What the worker runs for the personal data."""

from celery import shared_task
from django.utils import timezone

from privacy.services import retention


@shared_task
def retain() -> dict[str, int]:
    return retention.run(now=timezone.now())
