"""What the worker runs for PERF. Each loads by id or by instant and calls one service."""

from celery import shared_task
from django.utils import timezone

from perf.services import ticket_warnings


@shared_task
def warn_tickets() -> int:
    return ticket_warnings.warn(now=timezone.now())
