from django.apps import AppConfig


class PilotsConfig(AppConfig):
    name = "pilots"
    verbose_name = "Pilotes, VA et préfigurateurs"

    def ready(self) -> None:
        """From now on the solde of a RIS prestation passes the gate of the pilots too."""
        from calendar_app.selectors.gates import add_gate  # noqa: PLC0415  (models load first)
        from pilots.selectors.gate import unmet_pilots  # noqa: PLC0415

        add_gate(unmet_pilots)
