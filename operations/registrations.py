"""Requests, tasks and mails are followed: their number, their pulse, their failures."""

from celery import signals
from django.conf import settings
from django.core.signals import request_finished

from mailing.services import kinds
from operations.middleware import forget_number
from operations.services import pulses, tracing

kinds.watch(pulses.note_mail)
request_finished.connect(forget_number)
signals.before_task_publish.connect(pulses.stamp)
signals.before_task_publish.connect(tracing.give)
signals.task_prerun.connect(tracing.take)
signals.task_postrun.connect(tracing.leave)
signals.task_success.connect(pulses.note_success)
signals.task_failure.connect(pulses.note_failure)
signals.worker_shutdown.connect(pulses.forget_worker)
if settings.SENTRY_DSN:
    from operations.services import errors  # slow to import

    errors.report_to(settings.SENTRY_DSN)
