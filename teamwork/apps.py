from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "teamwork"
    verbose_name = "Travail à plusieurs"

    def ready(self) -> None:
        """The stand-in of who is absent gets their mails; who leaves hands over."""
        from accounts.services.departures import add_charge  # noqa: PLC0415  (models load first)
        from mailing import rules as mails  # noqa: PLC0415
        from mailing.services.mail import use_stand_ins  # noqa: PLC0415
        from privacy.rules.register import declare  # noqa: PLC0415
        from privacy.selectors.tables import add_tables  # noqa: PLC0415
        from teamwork.enums import TEAM_MAIL  # noqa: PLC0415
        from teamwork.selectors.absences import stand_ins  # noqa: PLC0415
        from teamwork.selectors.organisation_tables import TABLES  # noqa: PLC0415
        from teamwork.services import departures, personal_data  # noqa: PLC0415

        mails.declare(TEAM_MAIL)
        use_stand_ins(stand_ins)
        add_charge(departures.held, departures.hand_over)
        declare(personal_data.LINES)
        add_tables(*TABLES)
