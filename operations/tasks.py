"""What the worker runs for the operators."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from operations.services import alarms, pulses


@shared_task(bind=True)
def watch(self: Any) -> bool:
    now = timezone.now()
    pulses.note_round(self.request, now=now)
    return alarms.watch(now=now)
