from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "calendar_app"
    verbose_name = "Calendriers et échéances"

    def ready(self) -> None:
        """A member who leaves is shown the drafts that stay behind."""
        from accounts.services.departures import add_charge  # noqa: PLC0415  (models load first)
        from calendar_app.selectors.drafts import drafts_of  # noqa: PLC0415

        add_charge(drafts_of)
