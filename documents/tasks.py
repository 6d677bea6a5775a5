"""What the worker runs for the files."""

from celery import shared_task

from documents.services import waiting


@shared_task
def scan_waiting_files() -> int:
    return waiting.settle_waiting()
