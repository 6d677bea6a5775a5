from django.apps import AppConfig


class PerfConfig(AppConfig):
    name = "perf"
    verbose_name = "PERF"

    def ready(self) -> None:
        """The mails to come have the warnings of tickets."""
        from calendar_app.selectors.forecasts import add_forecast  # noqa: PLC0415
        from parameters.rules.registry import declare  # noqa: PLC0415
        from perf.rules.parameters import HOURS, ORDERED, PARAMETERS  # noqa: PLC0415
        from perf.selectors.forecasts import foretell_warnings  # noqa: PLC0415

        declare(PARAMETERS, ordered=ORDERED, hours=HOURS)
        add_forecast(foretell_warnings)
