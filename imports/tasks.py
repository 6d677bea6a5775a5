"""What the worker runs for the imports of files."""

from celery import shared_task
from django.utils import timezone

from imports.services import jobs


@shared_task
def run_import(import_id: int) -> None:
    jobs.run(import_id, now=timezone.now())


@shared_task
def run_waiting() -> int:
    return jobs.run_waiting(now=timezone.now())
