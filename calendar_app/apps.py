from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "calendar_app"
    verbose_name = "Calendriers et échéances"

    def ready(self) -> None:
        """A member who leaves is shown the drafts that stay behind; a mail that may be refused is
        looked at again at sending."""
        from accounts.selectors import parties  # noqa: PLC0415  (models load first)
        from accounts.selectors.organisation_parts import add_part  # noqa: PLC0415
        from accounts.services.departures import add_charge  # noqa: PLC0415
        from accounts.services.merging import add_mover  # noqa: PLC0415
        from calendar_app.display.datasets import CALENDARS, PROGRAMME  # noqa: PLC0415
        from calendar_app.enums import CALENDAR_MAIL, REMINDER_MAIL, WEEKLY_MAIL  # noqa: PLC0415
        from calendar_app.models import Deadline  # noqa: PLC0415
        from calendar_app.rules.datasets import declare_dataset  # noqa: PLC0415
        from calendar_app.rules.parameters import PARAMETERS  # noqa: PLC0415
        from calendar_app.rules.parties import parties_of_prestation  # noqa: PLC0415
        from calendar_app.selectors.charges import DEADLINES  # noqa: PLC0415
        from calendar_app.selectors.drafts import drafts_of  # noqa: PLC0415
        from calendar_app.selectors.forecasts import add_forecast, forecast_weekly  # noqa: PLC0415
        from calendar_app.selectors.organisation_parts import parts  # noqa: PLC0415
        from calendar_app.selectors.organisation_tables import (  # noqa: PLC0415
            TABLES,
            files,
        )
        from calendar_app.selectors.parameter_effects import MEASURES  # noqa: PLC0415
        from calendar_app.services import past_imports, prestation_imports  # noqa: PLC0415
        from calendar_app.services.clients import move_prestations  # noqa: PLC0415
        from calendar_app.services.order_imports import KIND  # noqa: PLC0415
        from calendar_app.services.personal_data import LINES  # noqa: PLC0415
        from calendar_app.services.reminders import freshen, reopen, settle  # noqa: PLC0415
        from imports.services import kinds  # noqa: PLC0415
        from mailing import rules as mails  # noqa: PLC0415
        from mailing.services.kinds import watch  # noqa: PLC0415
        from parameters.rules.effects import register  # noqa: PLC0415
        from parameters.rules.registry import declare  # noqa: PLC0415
        from privacy.rules import register as personal_data  # noqa: PLC0415
        from privacy.selectors.tables import add_files, add_tables  # noqa: PLC0415
        from teamwork.selectors import charges  # noqa: PLC0415

        mails.declare(REMINDER_MAIL, CALENDAR_MAIL, WEEKLY_MAIL)
        add_forecast(forecast_weekly)
        declare(PARAMETERS)
        parties.register(
            Deadline,
            organisations=("organisation", *parties_of_prestation("prestation")[1:]),
            people=("filings__recorded_by", "filings__prepared_by"),
        )
        register(*MEASURES)
        add_part(parts)
        charges.register(DEADLINES)
        add_charge(drafts_of)
        add_mover(move_prestations)
        kinds.register(KIND, prestation_imports.KIND, past_imports.KIND)
        declare_dataset(CALENDARS)
        declare_dataset(PROGRAMME)
        watch(freshen, settle, reopen)
        personal_data.declare(LINES)
        add_tables(*TABLES)
        add_files(files)
