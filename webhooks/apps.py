from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"
    verbose_name = "Webhooks"

    def ready(self) -> None:
        """The register of personal data has its line; an organisation takes its addresses along."""
        from privacy.rules.register import declare  # noqa: PLC0415
        from privacy.selectors.tables import add_tables  # noqa: PLC0415
        from webhooks.services.personal_data import LINES, TABLES  # noqa: PLC0415  (models first)

        declare(LINES)
        add_tables(*TABLES)
