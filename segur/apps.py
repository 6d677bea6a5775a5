from importlib import import_module

from django.apps import AppConfig


class SegurConfig(AppConfig):
    name = "segur"

    def ready(self) -> None:
        import_module("segur.celery")  # so that shared tasks find their application
