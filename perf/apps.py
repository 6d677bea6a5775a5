from django.apps import AppConfig


class PerfConfig(AppConfig):
    name = "perf"
    verbose_name = "PERF"

    def ready(self) -> None:
        """The mails to come have the warnings of tickets."""
        from accounts.selectors.organisation_parts import (  # noqa: PLC0415  (models load first)
            add_part,
        )
        from calendar_app.selectors.archives import FileSource, add_files  # noqa: PLC0415
        from calendar_app.selectors.forecasts import add_forecast  # noqa: PLC0415
        from calendar_app.selectors.portfolio.perf import add_perf  # noqa: PLC0415
        from calendar_app.selectors.programme import add_section  # noqa: PLC0415
        from calendar_app.selectors.urgency import add_urgency  # noqa: PLC0415
        from imports.services import kinds  # noqa: PLC0415
        from mailing import rules as mails  # noqa: PLC0415
        from parameters.rules.effects import register  # noqa: PLC0415
        from parameters.rules.registry import declare  # noqa: PLC0415
        from perf.enums import TICKET_MAIL  # noqa: PLC0415
        from perf.models import OutageProof  # noqa: PLC0415
        from perf.rules.parameters import HOURS, ORDERED, PARAMETERS  # noqa: PLC0415
        from perf.selectors.charges import OUTAGES, TICKETS  # noqa: PLC0415
        from perf.selectors.forecasts import forecast_warnings  # noqa: PLC0415
        from perf.selectors.organisation_parts import parts  # noqa: PLC0415
        from perf.selectors.organisation_tables import TABLES  # noqa: PLC0415
        from perf.selectors.parameter_effects import MEASURES  # noqa: PLC0415
        from perf.selectors.payments import ratios  # noqa: PLC0415
        from perf.selectors.programme import park  # noqa: PLC0415
        from perf.selectors.urgency import urgent_outages  # noqa: PLC0415
        from perf.services import ratio_imports, ticket_imports  # noqa: PLC0415
        from perf.services.imports import KIND  # noqa: PLC0415
        from perf.services.personal_data import LINES  # noqa: PLC0415
        from privacy.rules import register as personal_data  # noqa: PLC0415
        from privacy.selectors.tables import add_tables  # noqa: PLC0415
        from teamwork.selectors import charges  # noqa: PLC0415

        charges.register(TICKETS)
        charges.register(OUTAGES)
        mails.declare(TICKET_MAIL)
        add_files(FileSource(OutageProof, "Pannes", "outage__service__prestation"))
        declare(PARAMETERS, ordered=ORDERED, hours=HOURS)
        _name_the_parties()
        register(*MEASURES)
        add_part(parts)
        add_forecast(forecast_warnings)
        add_section(park)
        add_urgency(urgent_outages)
        add_perf(ratios)
        kinds.register(KIND, ticket_imports.KIND, ratio_imports.KIND)
        personal_data.declare(LINES)
        add_tables(*TABLES)


def _name_the_parties() -> None:
    """Who gains or loses by the decision on an outage or a correction, and by a service."""
    from accounts.selectors import parties  # noqa: PLC0415  (models load first)
    from calendar_app.rules.parties import parties_of_prestation  # noqa: PLC0415
    from perf.models import Correction, Outage, OutageVersion, Service  # noqa: PLC0415

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
