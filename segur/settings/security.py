"""Cookies and headers."""

from csp.constants import NONE, SELF

from segur import identity_providers
from segur.settings.environment import LOCAL, PRODUCTION, SITE_URL, env
from segur.settings.people import OIDC_APPS

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
