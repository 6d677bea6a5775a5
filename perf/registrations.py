"""What PERF declares to the calendars and to the apps below them."""

from django.urls import reverse

from accounts.selectors import parties
from accounts.selectors.organisation_parts import add_part
from calendar_app.rules.parties import parties_of_prestation
from calendar_app.selectors.archives import FileSource, add_files
from calendar_app.selectors.forecasts import add_forecast
from calendar_app.selectors.portfolio.perf import add_perf
from calendar_app.selectors.programme import add_section
from calendar_app.selectors.urgency import add_steady_urgency
from documents.services.waiting import add_places
from imports.services import kinds
from mailing import rules as mails
from parameters.rules.effects import register
from parameters.rules.registry import declare
from perf.enums import TICKET_MAIL
from perf.models import Correction, Outage, OutageProof, OutageVersion, Service
from perf.rules.parameters import HOURS, ORDERED, PARAMETERS
from perf.selectors.charges import OUTAGES, TICKETS
from perf.selectors.forecasts import forecast_warnings
from perf.selectors.organisation_parts import parts
from perf.selectors.organisation_tables import TABLES
from perf.selectors.parameter_effects import MEASURES
from perf.selectors.payments import ratios
from perf.selectors.programme import park
from perf.selectors.urgency import urgent_outages
from perf.services import outage_imports, ratio_imports, ticket_imports
from perf.services.personal_data import LINES
from privacy.rules import register as personal_data
from privacy.selectors.tables import add_tables
from teamwork.selectors import charges

charges.register(TICKETS)
charges.register(OUTAGES)
mails.declare(TICKET_MAIL)
add_files(FileSource(OutageProof, "Pannes", "outage__service__prestation"))
declare(PARAMETERS, ordered=ORDERED, hours=HOURS)

parties.register(
    Outage,
    organisations=parties_of_prestation("service__prestation"),
    people=("contested_by",),
    acted_on={"versions": OutageVersion},
)
parties.register(
    Correction,
    organisations=parties_of_prestation("service__prestation"),
    people=("proposed_by", "proposed_key__created_by"),
    acted_on={"outage__versions": OutageVersion, "other__versions": OutageVersion},
)
parties.register(Service, organisations=parties_of_prestation("prestation"))

add_places({OutageProof: lambda row: reverse("perf:outage", args=[row.outage_id])})
register(*MEASURES)
add_part(parts)
add_forecast(forecast_warnings)
add_section(park)
add_steady_urgency(urgent_outages)
add_perf(ratios)
kinds.register(outage_imports.KIND, ticket_imports.KIND, ratio_imports.KIND)
personal_data.declare(LINES)
add_tables(*TABLES)
