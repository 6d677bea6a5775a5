"""What the worker runs for the pilots and the VA. Each calls one service."""

from celery import shared_task
from django.utils import timezone

from pilots.pv.services import digest, pending, publications
from pilots.va.services import va_nudge


@shared_task
def nudge_awaited_ris() -> int:
    return va_nudge.nudge(now=timezone.now())


@shared_task
def write_review_digest() -> int:
    return digest.write(now=timezone.now())


@shared_task
def settle_decisions() -> int:
    return pending.settle(now=timezone.now())


@shared_task
def propose_publications() -> int:
    return publications.propose_missing(now=timezone.now())
