"""Every value comes from the environment; without any, the site runs by itself under `var/`
(ADR 0002).

`SEGUR_ENV=production` asks for its services and secrets, and names all that are missing at once.
"""

from segur import __version__
from segur.logs import logging_config
from segur.settings.applications import *
from segur.settings.background import *
from segur.settings.data import *
from segur.settings.environment import *
from segur.settings.environment import PRODUCTION, env
from segur.settings.people import *
from segur.settings.security import *

APP_VERSION = __version__

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# --- Operation -----------------------------------------------------------------------------------
OPERATORS = env.list("OPERATORS", default=[])  # who is notified of alarms
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # without it, /sante/metriques/ does not exist
HEALTH_LIMITS = {  # seconds, or a count: beyond, /sante/travail/ answers 503
    "beat": env.int("HEALTH_BEAT_SECONDS", 300),
    "dispatch": env.int("HEALTH_DISPATCH_SECONDS", 600),
    "reminder": env.int("HEALTH_REMINDER_SECONDS", 1800),
    "mail": env.int("HEALTH_MAIL_SECONDS", 3600),
    "failures": env.int("HEALTH_FAILURES_PER_HOUR", 10),
    "workers": env.int("HEALTH_WORKERS", 1),
    "worker": env.int("HEALTH_WORKER_SECONDS", 300),  # silent for longer, a worker is dead
}
HEALTH_CALM_SECONDS = env.int("HEALTH_CALM_SECONDS", 300)  # without defect, before «well again»
HEALTH_FREE_BYTES = env.int("HEALTH_FREE_BYTES", 500 * 1024**2)  # left where the proofs go

# --- Logs ----------------------------------------------------------------------------------------
LOGGING_CONFIG = None
LOGGING = logging_config(json=PRODUCTION, level=env.str("LOG_LEVEL", "INFO"))
SENTRY_DSN = env.str("SENTRY_DSN", "")  # without it, no error leaves this site
