"""What the worker runs for the journal."""

from celery import shared_task
from django.utils import timezone

from journal.services import chain


@shared_task
def append_links() -> int:
    return chain.append_all(now=timezone.now())
