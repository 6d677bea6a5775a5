from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = "Imports de fichiers"

    def ready(self) -> None:
        from imports.enums import IMPORT_MAIL  # noqa: PLC0415  (models load first)
        from mailing import rules as mails  # noqa: PLC0415

        mails.declare(IMPORT_MAIL)
