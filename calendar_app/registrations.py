"""What calendar_app declares to the apps below it."""

from django.urls import reverse

from accounts.selectors import parties
from accounts.selectors.organisation_parts import add_part
from accounts.services.departures import add_charge
from accounts.services.merging import add_mover
from calendar_app.display.datasets import CALENDARS, PROGRAMME
from calendar_app.enums import CALENDAR_MAIL, REMINDER_MAIL, WEEKLY_MAIL
from calendar_app.models import Deadline, PieceFile, Proof
from calendar_app.rules.datasets import declare_dataset
from calendar_app.rules.parameters import PARAMETERS
from calendar_app.rules.parties import parties_of_prestation
from calendar_app.selectors.charges import DEADLINES
from calendar_app.selectors.drafts import drafts_of
from calendar_app.selectors.forecasts import add_forecast, forecast_weekly
from calendar_app.selectors.organisation_parts import parts
from calendar_app.selectors.organisation_tables import TABLES, files
from calendar_app.selectors.parameter_effects import MEASURES
from calendar_app.services import past_imports, prestation_imports
from calendar_app.services.clients import move_prestations
from calendar_app.services.order_imports import KIND
from calendar_app.services.personal_data import LINES
from calendar_app.services.reminders import freshen, reopen, settle
from documents.services import waiting
from imports.services import kinds
from mailing import rules as mails
from mailing.services.kinds import watch
from parameters.rules.effects import register
from parameters.rules.registry import declare
from privacy.rules import register as personal_data
from privacy.selectors.tables import add_files, add_tables
from teamwork.selectors import charges

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
watch(settle, freshen, reopen)
waiting.add_places(
    {
        Proof: lambda row: reverse("deadlines:detail", args=[row.filing.deadline_id]),
        PieceFile: lambda row: reverse(
            "deadlines:piece", args=[row.piece.deadline_id, row.piece.code]
        ),
    }
)
personal_data.declare(LINES)
add_tables(*TABLES)
add_files(files)
