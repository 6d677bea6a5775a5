"""Mails and tasks."""

from kombu import Queue

from segur.settings.data import REDIS_URL
from segur.settings.environment import VAR_DIR, env

# Everything goes through the ledger, which hands it to the transport.
EMAIL_BACKEND = "mailing.services.backend.LedgerBackend"
_transport = env.email("EMAIL_URL", default="filemail://")
MAIL_TRANSPORT = {
    "backend": _transport["EMAIL_BACKEND"].replace(
        "django.core.mail.backends.smtp.EmailBackend", "mailing.services.smtp.SmtpBackend"
    ),
    "options": {
        "host": _transport["EMAIL_HOST"],
        "port": _transport["EMAIL_PORT"],
        "username": _transport["EMAIL_HOST_USER"],
        "password": _transport["EMAIL_HOST_PASSWORD"],
        "use_tls": _transport.get("EMAIL_USE_TLS", False),
        "use_ssl": _transport.get("EMAIL_USE_SSL", False),
    }
    if env.str("EMAIL_URL", "")
    else {"file_path": str(VAR_DIR / "mail")},
}
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "Ségur Imagerie · Échéances <echeances@segur.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where servers send back what they cannot deliver, and the mailbox where it is read:
# maildir:///folder, imap[s]://user:password@host/folder.
MAIL_RETURN_PATH = env.str("MAIL_RETURN_PATH", "") or DEFAULT_FROM_EMAIL
BOUNCES_URL = env.str("BOUNCES_URL", "")
MAIL_PAUSE_AFTER = env.int("MAIL_PAUSE_AFTER", 5)  # refusals in a row that are the site's fault
JOURNAL_SEAL_TO = env.list(
    "JOURNAL_SEAL_TO", default=[]
)  # who keeps the end of the journal's chain

BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "localhost"  # an address without a scheme leaves the transport be
CELERY_BROKER_TRANSPORT = None if REDIS_URL else "segur.runner.file_broker:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # Longer than the longest task, a run of mails (`mailing.tasks`).
    {"visibility_timeout": 1800, "socket_connect_timeout": 2}
    if REDIS_URL
    else {"folder": str(BROKER_DIR), "polling_interval": 0.1}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for as long as the broker is away
# A worker takes from all the queues unless `-Q` names its own: a slow mail server then keeps no
# other task waiting, and tickets have theirs.
CELERY_TASK_QUEUES = [Queue(name) for name in ("celery", "mail", "tickets")]
CELERY_TASK_ROUTES = {
    "mailing.tasks.*": {"queue": "mail"},
    "perf.tasks.warn_tickets": {"queue": "tickets"},
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "segur.celery:Beat"

WEBHOOKS_ON_LOOPBACK = False
"""Tests alone post to this machine, without https."""
