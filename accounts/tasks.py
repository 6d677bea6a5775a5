"""What the worker runs for the accounts. Each calls one service."""

from celery import shared_task
from django.utils import timezone

from accounts.services.factor_resets import factor_resets_finish


@shared_task
def finish_factor_resets() -> int:
    return factor_resets_finish(now=timezone.now())
