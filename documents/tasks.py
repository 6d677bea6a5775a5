"""What the worker runs for the files."""

from celery import shared_task
from django.utils import timezone

from documents.services import held


@shared_task
def sweep_held_files() -> int:
    return held.sweep(now=timezone.now())
