"""What the worker runs for the journal."""

from celery import shared_task
from django.utils import timezone

from journal.services import chain, seal


@shared_task
def append_links() -> int:
    return chain.append_all(now=timezone.now())


@shared_task
def send_seal() -> bool:
    return seal.send_daily(now=timezone.now())
