from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = "Imports de fichiers"

    def ready(self) -> None:
        """The register of personal data has its line, and organisations can be imported."""
        from imports.services.kinds import register  # noqa: PLC0415  (models load first)
        from imports.services.organisation_imports import KIND  # noqa: PLC0415
        from imports.services.personal_data import LINES  # noqa: PLC0415
        from privacy.rules.register import declare  # noqa: PLC0415

        declare(LINES)
        register(KIND)
