"""Accounts, passwords, second factor, identities of providers."""

import datetime as dt
from urllib.parse import urlsplit

from segur import identity_providers
from segur.settings.environment import PRODUCTION, SITE_URL, env

AUTH_USER_MODEL = "accounts.User"
# The address is unique whatever its case: constraint user_email_unique, which this check misses.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
AUTH_PASSWORD_VALIDATORS += [
    {"NAME": f"accounts.services.passwords.{name}"}
    for name in ("CommonPasswordValidator", "NotRepeatedValidator")
]
AUTH_PASSWORD_VALIDATORS += [
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
    "reauthenticate": "accounts.forms.second_factor.ReauthenticateByCodeForm",
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
