"""What the worker runs. Each loads by id or by instant and calls one service."""

from celery import shared_task
from django.utils import timezone

from calendar_app.models import MilestoneVersion
from calendar_app.services import calendar_news, programme, reminders, weekly


@shared_task
def plan_reminders() -> int:
    return reminders.plan_changes(now=timezone.now())


@shared_task
def archive_reminders() -> int:
    return reminders.archive(now=timezone.now())


@shared_task
def dispatch_reminders() -> int:
    return reminders.dispatch(now=timezone.now())


@shared_task
def write_weekly_summaries() -> int:
    return weekly.write(now=timezone.now())


@shared_task
def tell_amendment(version_id: int) -> None:
    version = MilestoneVersion.objects.filter(pk=version_id).first()
    if version:
        calendar_news.tell_version(version, now=timezone.now())


@shared_task
def tell_amendments() -> int:
    return calendar_news.tell_waiting(now=timezone.now())


@shared_task
def refresh_programme() -> None:
    programme.refresh(now=timezone.now())
