from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Données personnelles"

    def ready(self) -> None:
        """Its parameters, and the lines of the register for the apps below it."""
        from parameters.rules.registry import declare as declare_parameters  # noqa: PLC0415
        from privacy.rules.parameters import PARAMETERS  # noqa: PLC0415
        from privacy.rules.register import declare  # noqa: PLC0415
        from privacy.selectors.own_tables import TABLES  # noqa: PLC0415  (models load first)
        from privacy.selectors.tables import add_tables  # noqa: PLC0415
        from privacy.services.own_lines import LINES  # noqa: PLC0415  (models load first)

        declare_parameters(PARAMETERS)
        declare(LINES, first=True)
        add_tables(*TABLES)
