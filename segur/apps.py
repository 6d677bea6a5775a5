from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SegurConfig(AppConfig):
    name = "segur"

    def ready(self) -> None:
        """All models are loaded: each app may register with those below it (`registrations.py`)."""
        import_module("segur.celery")  # so that shared tasks find their application
        autodiscover_modules("registrations")
