"""Apps, middlewares and templates, in their order."""

from segur.settings.environment import BASE_DIR

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
    "segur.compression.PageCompressionMiddleware",
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
    "calendar_app.middleware.ActedMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "segur.middleware.ReadOnceMiddleware",
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
