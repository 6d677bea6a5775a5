"""The API asks accounts whose a key is; people are written to about a changed parameter and a
refused file.
"""

from django.apps import apps
from django.conf import settings
from django.db.models.signals import pre_migrate

from accounts.rules.parameters import parameters
from accounts.services import login_events  # noqa: F401  (connects its receivers)
from accounts.services.api_tokens import authenticate
from accounts.services.file_news import tell_refused
from accounts.services.parameter_news import tell_parameter
from accounts.services.security_log import record_export
from api import keys
from documents.services import waiting
from parameters.rules.registry import declare
from parameters.services.effects import add_teller
from segur import exports, trigrams

declare(parameters(second_factor=settings.SECOND_FACTOR_REQUIRED))
keys.use(authenticate)
exports.note_with(record_export)
pre_migrate.connect(trigrams.install, sender=apps.get_app_config("accounts"))
add_teller(tell_parameter)
waiting.add_teller(tell_refused)
