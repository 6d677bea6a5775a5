from django.apps import AppConfig


class PerfConfig(AppConfig):
    name = "perf"
    verbose_name = "PERF"

    def ready(self) -> None:
        """The mails to come have the warnings of tickets."""
        from calendar_app.selectors.forecasts import add_forecast  # noqa: PLC0415
        from perf.selectors.forecasts import foretell_warnings  # noqa: PLC0415

        add_forecast(foretell_warnings)
