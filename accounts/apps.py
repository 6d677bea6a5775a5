from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import pre_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Comptes et organisations"

    def ready(self) -> None:
        """The API asks here whose a key is; people are written to about
        a changed parameter and a refused file."""
        from accounts.rules.parameters import parameters  # noqa: PLC0415
        from accounts.services import login_events  # noqa: F401, PLC0415  (connects its receivers)
        from accounts.services.api_tokens import authenticate  # noqa: PLC0415  (models load first)
        from accounts.services.file_news import tell_refused  # noqa: PLC0415
        from accounts.services.parameter_news import tell_parameter  # noqa: PLC0415
        from accounts.services.security_log import record_export  # noqa: PLC0415
        from api import keys  # noqa: PLC0415
        from documents.services import waiting  # noqa: PLC0415
        from parameters.rules.registry import declare  # noqa: PLC0415
        from parameters.services.effects import add_teller  # noqa: PLC0415
        from segur import exports, trigrams  # noqa: PLC0415

        declare(parameters(second_factor=settings.SECOND_FACTOR_REQUIRED))
        keys.use(authenticate)
        exports.note_with(record_export)
        pre_migrate.connect(trigrams.install, sender=self)
        add_teller(tell_parameter)
        waiting.add_teller(tell_refused)
