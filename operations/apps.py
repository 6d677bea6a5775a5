from celery import signals
from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = "Exploitation"

    def ready(self) -> None:
        from mailing.services import kinds  # noqa: PLC0415  (models load first)
        from operations.services import pulses  # noqa: PLC0415

        kinds.watch(pulses.mail_is_ready, pulses.note_mail)
        signals.before_task_publish.connect(pulses.stamp)
        signals.task_success.connect(pulses.note_success)
        signals.task_failure.connect(pulses.note_failure)
        signals.worker_shutdown.connect(pulses.forget_worker)
