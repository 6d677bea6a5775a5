"""What the worker runs for the personal data."""

from celery import shared_task
from django.utils import timezone

from privacy.services import archives, retention

LONGEST = 3600
"""Seconds: a large organisation has gigabytes of files."""


@shared_task
def retain() -> dict[str, int]:
    return retention.run(now=timezone.now())


@shared_task(time_limit=LONGEST)
def make_archive(archive_id: int) -> None:
    archives.make(archive_id)


@shared_task(time_limit=LONGEST)
def make_waiting_archives() -> int:
    return archives.make_waiting()
