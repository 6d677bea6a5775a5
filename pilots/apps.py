from django.apps import AppConfig
from django.db.models import Q


class PilotsConfig(AppConfig):
    name = "pilots"
    verbose_name = "Pilotes, VA et préfigurateurs"

    def ready(self) -> None:
        """From now on the solde of a RIS prestation passes the gate of the pilots too, and an agent
        who leaves hands over PV and interviews; the mails to come have those of the pilots."""
        from accounts.selectors.organisation_parts import (  # noqa: PLC0415  (models load first)
            add_part,
        )
        from accounts.services.merging import add_mover  # noqa: PLC0415
        from calendar_app.rules.datasets import declare_dataset  # noqa: PLC0415
        from calendar_app.selectors.forecasts import add_forecast  # noqa: PLC0415
        from calendar_app.selectors.gates import add_gate  # noqa: PLC0415
        from calendar_app.selectors.programme import add_section  # noqa: PLC0415
        from calendar_app.selectors.urgency import add_urgency  # noqa: PLC0415
        from imports.services import kinds  # noqa: PLC0415
        from mailing import rules as mails  # noqa: PLC0415
        from parameters.rules.effects import register  # noqa: PLC0415
        from parameters.rules.registry import declare  # noqa: PLC0415
        from pilots.enums import DIGEST_MAIL, PREFIGURATION_MAIL, VA_MAIL  # noqa: PLC0415
        from pilots.prefiguration.rules import parameters as of_prefiguration  # noqa: PLC0415
        from pilots.prefiguration.rules.datasets import PREFIGURATEURS  # noqa: PLC0415
        from pilots.prefiguration.selectors.programme import stages  # noqa: PLC0415
        from pilots.prefiguration.selectors.urgency import urgent_prefigurateurs  # noqa: PLC0415
        from pilots.prefiguration.services import contact_imports  # noqa: PLC0415
        from pilots.pv.rules import parameters as of_pv  # noqa: PLC0415
        from pilots.pv.rules.datasets import INSTALLATIONS  # noqa: PLC0415
        from pilots.pv.selectors import programme as pv_programme  # noqa: PLC0415
        from pilots.pv.selectors.forecasts import forecast_digest  # noqa: PLC0415
        from pilots.pv.selectors.gate import unmet_pilots  # noqa: PLC0415
        from pilots.pv.selectors.organisation_parts import parts  # noqa: PLC0415
        from pilots.pv.selectors.parameter_effects import MEASURES as PV_MEASURES  # noqa: PLC0415
        from pilots.pv.selectors.urgency import urgent_pvs  # noqa: PLC0415
        from pilots.pv.services.clients import count_pilots  # noqa: PLC0415
        from pilots.va.rules import parameters as of_va  # noqa: PLC0415
        from pilots.va.selectors.forecasts import forecast_nudges  # noqa: PLC0415
        from pilots.va.selectors.parameter_effects import MEASURES as VA_MEASURES  # noqa: PLC0415
        from pilots.va.selectors.programme import clocks  # noqa: PLC0415
        from pilots.va.selectors.urgency import urgent_vas  # noqa: PLC0415

        mails.declare(DIGEST_MAIL, VA_MAIL, PREFIGURATION_MAIL)
        for room in (of_pv, of_va, of_prefiguration):
            declare(room.PARAMETERS)
        kinds.register(contact_imports.KIND)
        _name_the_parties()
        add_part(parts)
        register(*PV_MEASURES, *VA_MEASURES)
        add_mover(count_pilots)
        _fill_the_archives()
        add_gate(unmet_pilots)
        declare_dataset(INSTALLATIONS)
        declare_dataset(PREFIGURATEURS)
        for section in (pv_programme.pvs, pv_programme.publications, clocks, stages):
            add_section(section)
        _feed_the_portfolio()
        for forecast in (forecast_digest, forecast_nudges):
            add_forecast(forecast)
        for urgent in (urgent_pvs, urgent_vas, urgent_prefigurateurs):
            add_urgency(urgent)
        _hand_work_over()
        _declare_personal_data()


def _name_the_parties() -> None:
    """Who gains or loses by the decision on a PV and on a publication."""
    from accounts.selectors import parties  # noqa: PLC0415  (models load first)
    from calendar_app.rules.parties import parties_of_prestation  # noqa: PLC0415
    from pilots.pv.models import PilotPV, Publication  # noqa: PLC0415

    parties.register(
        PilotPV,
        organisations=parties_of_prestation("pilot__prestation"),
        people=("prepared_by", "sent_by"),
    )
    parties.register(
        Publication,
        organisations=(
            *("organisation", "solution__organisation"),
            "solution__suppliers__organisation",
        ),
    )


def _fill_the_archives() -> None:
    """The files that stand in the archive of a prestation or a solution."""
    from calendar_app.selectors.archives import FileSource, add_files  # noqa: PLC0415
    from pilots.pv.models import PVFile  # noqa: PLC0415
    from pilots.va.models import (  # noqa: PLC0415
        ConnectorFile,
        PortalAbsenceFile,
        PortalFile,
        VAFile,
    )

    add_files(
        FileSource(PVFile, "PV d'installation pilote", "pv__pilot__prestation"),
        FileSource(VAFile, "VA", "va__prestation", only=Q(is_withdrawn=False)),
        FileSource(ConnectorFile, "Demi-connecteurs", "connector__prestation"),
        FileSource(PortalFile, "Portails", "portal__prestation"),
        FileSource(PortalAbsenceFile, "Portails", "absence__prestation"),
    )


def _feed_the_portfolio() -> None:
    """The avances that the ASP has paid, and how long the review of a PV takes."""
    from calendar_app.selectors.portfolio.money import add_paid_advances  # noqa: PLC0415
    from calendar_app.selectors.portfolio.safe_days import add_review_time  # noqa: PLC0415
    from pilots.pv.selectors.deposits import paid_advances  # noqa: PLC0415
    from pilots.pv.selectors.review import review_time  # noqa: PLC0415

    add_paid_advances(paid_advances)
    add_review_time(review_time)


def _hand_work_over() -> None:
    """What an agent who leaves hands over, and the PV as somebody is in charge of them."""
    from accounts.services.departures import add_charge  # noqa: PLC0415
    from pilots.prefiguration.services import departures as of_interviews  # noqa: PLC0415
    from pilots.pv.selectors.charges import PVS  # noqa: PLC0415
    from pilots.pv.services import departures as of_pvs  # noqa: PLC0415
    from teamwork.selectors import charges  # noqa: PLC0415

    charges.register(PVS)
    for room in (of_pvs, of_interviews):
        add_charge(room.held, room.hand_over)


def _declare_personal_data() -> None:
    """The lines of the register, and what an organisation takes with it."""
    from pilots.prefiguration.services import personal_data as of_contacts  # noqa: PLC0415
    from pilots.pv.selectors.organisation_tables import TABLES  # noqa: PLC0415
    from pilots.pv.services import personal_data as of_pvs  # noqa: PLC0415
    from privacy.rules.register import declare  # noqa: PLC0415
    from privacy.selectors.tables import add_tables  # noqa: PLC0415

    declare((*of_contacts.LINES, *of_pvs.LINES))
    add_tables(*TABLES)
