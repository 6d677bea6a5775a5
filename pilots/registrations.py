"""What the PV, the VA and the préfigurateurs declare: the solde of a RIS prestation passes the gate
of the pilots, an agent who leaves hands over PV and interviews.
"""

from django.db.models import Q
from django.urls import reverse

import privacy.rules.register as personal_data
from accounts.selectors import parties
from accounts.selectors.organisation_parts import add_part
from accounts.services.departures import add_charge
from accounts.services.merging import add_mover
from calendar_app.rules.datasets import declare_dataset
from calendar_app.rules.parties import parties_of_prestation
from calendar_app.selectors.archives import FileSource, add_files
from calendar_app.selectors.forecasts import add_forecast
from calendar_app.selectors.gates import add_gate
from calendar_app.selectors.portfolio.money import add_paid_advances
from calendar_app.selectors.portfolio.safe_days import add_review_time
from calendar_app.selectors.programme import add_section
from calendar_app.selectors.urgency import add_steady_urgency, add_urgency
from documents.services.waiting import add_places, add_reader
from imports.services import kinds
from mailing import rules as mails
from parameters.rules import effects, registry
from pilots import enums
from pilots.prefiguration.rules import datasets as prefiguration_datasets
from pilots.prefiguration.rules import parameters as prefiguration_parameters
from pilots.prefiguration.selectors import programme as prefiguration_programme
from pilots.prefiguration.selectors.urgency import (
    prefigurateurs_of_the_ans,
    prefigurateurs_to_agree,
)
from pilots.prefiguration.services import contact_imports
from pilots.prefiguration.services import departures as prefiguration_departures
from pilots.prefiguration.services import personal_data as prefiguration_data
from pilots.pv.models import PilotPV, Publication, PVFile
from pilots.pv.rules import datasets as pv_datasets
from pilots.pv.rules import parameters as pv_parameters
from pilots.pv.selectors import parameter_effects as pv_effects
from pilots.pv.selectors import programme as pv_programme
from pilots.pv.selectors.charges import PVS
from pilots.pv.selectors.deposits import paid_advances
from pilots.pv.selectors.forecasts import forecast_digest
from pilots.pv.selectors.gate import unmet_pilots
from pilots.pv.selectors.organisation_parts import parts
from pilots.pv.selectors.organisation_tables import TABLES
from pilots.pv.selectors.queue import usual_time
from pilots.pv.selectors.urgency import urgent_pvs
from pilots.pv.services import departures as pv_departures
from pilots.pv.services import personal_data as pv_data
from pilots.pv.services.clients import count_pilots
from pilots.pv.services.signatures import read_stored
from pilots.va.models import ConnectorFile, PortalAbsenceFile, PortalFile, VAFile
from pilots.va.rules import parameters as va_parameters
from pilots.va.selectors import parameter_effects as va_effects
from pilots.va.selectors import programme as va_programme
from pilots.va.selectors.forecasts import forecast_nudges
from pilots.va.selectors.urgency import urgent_vas
from privacy.selectors.tables import add_tables
from teamwork.selectors import charges

mails.declare(enums.DIGEST_MAIL, enums.VA_MAIL, enums.PREFIGURATION_MAIL)
for room in (pv_parameters, va_parameters, prefiguration_parameters):
    registry.declare(room.PARAMETERS)
effects.register(*pv_effects.MEASURES, *va_effects.MEASURES)
kinds.register(contact_imports.KIND)

parties.register(
    PilotPV,
    organisations=parties_of_prestation("pilot__prestation"),
    people=("prepared_by", "sent_by"),
)
parties.register(
    Publication,
    organisations=("organisation", "solution__organisation", "solution__suppliers__organisation"),
)
add_part(parts)
add_mover(count_pilots)
charges.register(PVS)
for departures in (pv_departures, prefiguration_departures):
    add_charge(departures.held, departures.hand_over)

add_gate(unmet_pilots)
for urgent in (urgent_pvs, urgent_vas, prefigurateurs_to_agree):
    add_steady_urgency(urgent)
add_urgency(prefigurateurs_of_the_ans)
for forecast in (forecast_digest, forecast_nudges):
    add_forecast(forecast)
add_files(
    FileSource(PVFile, "PV d'installation pilote", "pv__pilot__prestation"),
    FileSource(VAFile, "VA", "va__prestation", only=Q(is_withdrawn=False)),
    FileSource(ConnectorFile, "Demi-connecteurs", "connector__prestation"),
    FileSource(PortalFile, "Portails", "portal__prestation"),
    FileSource(PortalAbsenceFile, "Portails", "absence__prestation"),
)
add_reader(PVFile, read_stored)
add_places(
    {
        PVFile: lambda row: reverse("pilots:pv", args=[row.pv_id]),
        VAFile: lambda row: reverse("va:detail", args=[row.va.prestation_id]),
        ConnectorFile: lambda row: reverse(
            "installation:connector", args=[row.connector.prestation_id, row.connector.kind]
        ),
        PortalFile: lambda row: reverse("installation:portal", args=[row.portal_id]),
        PortalAbsenceFile: lambda row: reverse(
            "installation:portals", args=[row.absence.prestation_id]
        ),
    }
)

for section in (
    pv_programme.pvs,
    pv_programme.publications,
    va_programme.clocks,
    prefiguration_programme.stages,
):
    add_section(section)
add_paid_advances(paid_advances)
add_review_time(usual_time)
declare_dataset(pv_datasets.INSTALLATIONS)
declare_dataset(prefiguration_datasets.PREFIGURATEURS)

personal_data.declare((*prefiguration_data.LINES, *pv_data.LINES))
add_tables(*TABLES)
