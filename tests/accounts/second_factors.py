"""A person with an authenticator application, and its codes."""

import time

from allauth.mfa import app_settings
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)


def with_application(user):
    """The secret of the application."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def with_recovery_codes(user):
    return RecoveryCodes.activate(user).get_unused_codes()


def code(secret, *, steps=0):
    """What the application shows now, or so many periods of 30 s later."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    return format_hotp_value(hotp_value(secret, now + steps))
