from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = "Imports de fichiers"

    def ready(self) -> None:
        """The register of personal data has its line."""
        from imports.services.personal_data import LINES  # noqa: PLC0415  (models load first)
        from privacy.rules.register import declare  # noqa: PLC0415

        declare(LINES)
