"""Where the values come from: the environment, and without any, the folder `var/`."""

import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

PRODUCTION = env.str("SEGUR_ENV", "local") == "production"
LOCAL = not PRODUCTION
DEBUG = LOCAL and env.bool("DEBUG", False)

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
