"""Every value comes from the environment; without any, the site runs by itself under `var/`
(ADR 0002).

`SEGUR_ENV=production` asks for its services and secrets, and names all that are missing at once.
"""

import datetime as dt
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from segur import __version__, identity_providers
from segur.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PRODUCTION = env.str("SEGUR_ENV", "local") == "production"
LOCAL = not PRODUCTION
DEBUG = LOCAL and env.bool("DEBUG", False)
APP_VERSION = __version__

# --- What production cannot do without -----------------------------------------------------------
if PRODUCTION:
    required = ["DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "ALLOWED_HOSTS", "MAIL_FROM"]
    missing = [name for name in required if not env.str(name, "")]
    if not (env.str("SECRET_KEY", "") or env.str("SECRET_KEY_FILE", "")):
        missing.append("SECRET_KEY or SECRET_KEY_FILE")
    if missing:
        raise ImproperlyConfigured(f"Production needs these variables: {', '.join(missing)}.")

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))


def secret_key() -> str:
    """The key of the environment, of its file, or (local only) one made once under `var/`."""
    if key := env.str("SECRET_KEY", ""):
        return key
    path = Path(env.str("SECRET_KEY_FILE", str(VAR_DIR / "secret_key")))
    if LOCAL and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


def former_keys() -> list[str]:
    """Keys before a rotation: what they signed stays good until they are taken out."""
    if path := env.str("SECRET_KEY_FALLBACKS_FILE", ""):
        return Path(path).read_text().split()
    return list(env.list("SECRET_KEY_FALLBACKS", default=[]))


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = former_keys()
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "segur.admin_config.ReadOnlyAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "segur",
    "journal",
    "mailing",
    "documents",
    "parameters",
    "api",
    "accounts",
    "imports",
    "teamwork",
    "webhooks",
    "calendar_app",
    "perf",
    "pilots",
    "privacy",
    "operations",
]

MIDDLEWARE = [
    "operations.middleware.RequestIdMiddleware",
    "segur.headers.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "operations.middleware.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "segur.public_pages.PublicPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "segur.middleware.UploadSizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "segur.middleware.TypedTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "segur.public_rates.PublicRatesMiddleware",
    "accounts.middleware.sessions.SessionWatchMiddleware",
    "accounts.middleware.second_factor.SecondFactorMiddleware",
    "accounts.middleware.viewing.ViewAsMiddleware",
    "segur.middleware.PrivateAnswersMiddleware",
    "segur.ranges.RangeMiddleware",
    "accounts.middleware.LoginMiddleware",
    "accounts.middleware.ActiveOrganisationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "segur.middleware.KeptInputMiddleware",
    "segur.typography.NoBreakSpacesMiddleware",
    "segur.middleware.SealedDocumentsMiddleware",
    "segur.middleware.WrongMethodMiddleware",
]

ROOT_URLCONF = "segur.urls"
WSGI_APPLICATION = "segur.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "segur.context.page",
            ],
            "builtins": ["segur.templatetags.segur", "teamwork.templatetags.teamwork"],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ----------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:  # beside what the address itself asks for, such as sslmode
    # A connection that was lost is replaced before it is used, and the pool soon asks again for one
    # that it could not have: PostgreSQL that comes back is there at once.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # It holds as many as a process has threads: with fewer, a crowd waits for one until it fails.
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _size = env.int("DATABASE_POOL_SIZE", 8)
    _pool = {"min_size": min(2, _size), "max_size": _size, "timeout": 10, "reconnect_timeout": 5}
    _options["pool"] = _pool if env.bool("DATABASE_POOL", True) else False
    _limits = {  # seconds; 0 for none
        "statement_timeout": env.int("DATABASE_STATEMENT_SECONDS", 120),
        "lock_timeout": env.int("DATABASE_LOCK_SECONDS", 30),
        "idle_in_transaction_session_timeout": env.int("DATABASE_IDLE_SECONDS", 60),
    }
    _options.setdefault("options", " ".join(f"-c {k}={v}s" for k, v in _limits.items() if v))

REDIS_URL = env.str("REDIS_URL", "")
_redis = {"BACKEND": "segur.cache.OptionalRedisCache", "LOCATION": REDIS_URL}
# Rate limits need a cache that all processes share. Those of public pages, without Redis, are
# counted by each of the two processes: a write in the database for each visit would cost more.
CACHES = {
    "default": _redis
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"},
    "public": _redis
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "public",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
RATE_PUBLIC = env.int("RATE_PUBLIC", 600)  # pages a minute for an address that is not logged in

# How long a page that says the same to everybody is kept for those who are not logged in.
PUBLIC_PAGES_SECONDS = env.int("PUBLIC_PAGES_SECONDS", 60)

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "files")))
# The socket of clamd, the daemon of ClamAV: uploads are scanned where it is given.
CLAMD_SOCKET = env.str("CLAMD_SOCKET", "")
PROOF_MAX_BYTES = 20 * 1024 * 1024
# A folder of certificates (PEM or DER) whose signatures on a PV are trusted; none by default.
PV_TRUST_ROOTS = env.str("PV_TRUST_ROOTS", "")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
# Of one sending. The proxy lets a little more through, so that it is the site that answers.
UPLOAD_MAX_TOTAL_BYTES = 200 * 1024 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static", ("guide", BASE_DIR / "docs" / "guide" / "images")]
# The proofs: a folder, or a private bucket of a server that speaks S3 (requirements/s3.txt).
FILES_S3_BUCKET = env.str("FILES_S3_BUCKET", "")
FOLDER_OF_FILES = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
}
BUCKET_OF_FILES = {
    "BACKEND": "documents.services.s3.S3Files",
    "OPTIONS": {
        "bucket_name": FILES_S3_BUCKET,
        "endpoint_url": env.str("FILES_S3_ENDPOINT", "") or None,
        "region_name": env.str("FILES_S3_REGION", "") or None,
        "access_key": env.str("FILES_S3_ACCESS_KEY", "") or None,
        "secret_key": env.str("FILES_S3_SECRET_KEY", "") or None,
        "file_overwrite": False,
    },
}
STORAGES = {
    "default": BUCKET_OF_FILES if FILES_S3_BUCKET else FOLDER_OF_FILES,
    "staticfiles": {
        # Nothing is gained by compressing what goes from this machine to itself.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# --- Accounts ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# The address is unique whatever its case: constraint user_email_unique, which this check misses.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
AUTH_PASSWORD_VALIDATORS += [
    {"NAME": "accounts.services.passwords.NotRepeatedValidator"},
    {
        "NAME": "accounts.services.passwords.LeakedPasswordValidator",
        "OPTIONS": {"path": env.str("LEAKED_PASSWORDS_FILE", "")},  # type: ignore[dict-item]
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "landing"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, a working day
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an open session alone does not change the address
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # since the login, or the last confirmation
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody makes the site write to an address without account
# Besides those of allauth. Failed passwords are counted by accounts.services.login_limits: «login»
# counts successes too, and «login_failed» is left for the codes of second factors.
ACCOUNT_RATE_LIMITS = {"invite": "60/h/user", "login": None, "login_failed": "50/m/ip,5/5m/key"}
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.login.AddEmailForm",
    "change_password": "accounts.forms.login.ChangePasswordForm",
    "login": "accounts.forms.login.LoginForm",
    "reauthenticate": "accounts.forms.login.ReauthenticateForm",
    "reset_password": "accounts.forms.login.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.login.ResetPasswordKeyForm",
    "set_password": "accounts.forms.login.SetPasswordForm",
    "signup": "accounts.forms.login.SignupForm",
}
# Whether ANS people, Mandataires and `is_staff` need a second factor where no responsable has set
# the parameters «Accès aux comptes»: not for the demonstration, whose logins are printed.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", PRODUCTION)
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a clock that is 30 seconds wrong
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = dt.timedelta(days=14)
MFA_TRUST_COOKIE_NAME = "appareil"
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}  # no secret is guessed; an office has one address
DEVICE_COOKIE_NAME = "navigateur"
MFA_FORMS = {
    "activate_totp": "accounts.forms.second_factor.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.second_factor.AddWebAuthnForm",
    "authenticate": "accounts.forms.second_factor.AuthenticateForm",
    "edit_webauthn": "accounts.forms.second_factor.EditWebAuthnForm",
    "reauthenticate": "accounts.forms.second_factor.ReauthenticateForm",
}
# Rate limits count by address of the client: how many proxies of ours stand in front.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)

# --- OpenID Connect: beside the password, by configuration alone (ADR 0040) ----------------------
OIDC_APPS = identity_providers.read(env)
SOCIALACCOUNT_ADAPTER = "accounts.services.oidc.adapter.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # a page says first what one joins
SOCIALACCOUNT_FORMS = {
    "disconnect": "accounts.forms.identities.DetachForm",
    "signup": "accounts.forms.identities.IdentitySignupForm",
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "accounts.services.oidc.provider.Provider"}
}

# --- Mail: everything goes through the ledger, which hands it to the transport ------------------
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

# --- Operation -----------------------------------------------------------------------------------
OPERATORS = env.list("OPERATORS", default=[])  # who is told that the site is not well
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

# --- Tasks ---------------------------------------------------------------------------------------
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

# --- Security ------------------------------------------------------------------------------------
_https = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION and _https
if SESSION_COOKIE_SECURE:  # no other site of the domain can set or replace them
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    MFA_TRUST_COOKIE_NAME, DEVICE_COOKIE_NAME = "__Host-appareil", "__Host-navigateur"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION and _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", False)  # its headers are believed
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = ["^sante/"]
CSRF_FAILURE_VIEW = "segur.views.form_too_old"
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "mailto:securite@segur.example" if LOCAL else "")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *identity_providers.origins(OIDC_APPS)],
        "img-src": [SELF, "data:"],
    }
}

# --- Logs ----------------------------------------------------------------------------------------
LOGGING_CONFIG = None
LOGGING = logging_config(json=PRODUCTION, level=env.str("LOG_LEVEL", "INFO"))
SENTRY_DSN = env.str("SENTRY_DSN", "")  # without it, no error leaves this site
