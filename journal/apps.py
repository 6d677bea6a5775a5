from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = "Journal"

    def ready(self) -> None:
        """The journal is append-only from its first migration on."""
        from journal.services import append_only  # noqa: PLC0415  (models load first)

        connection_created.connect(append_only.prepare_connection)
        post_migrate.connect(append_only.install, sender=self)
