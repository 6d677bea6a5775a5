"""Database, caches, files."""

from pathlib import Path

from segur.settings.environment import BASE_DIR, PRODUCTION, VAR_DIR, env

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
# A file that takes longer to check is stored, withheld, and checked by the worker.
FILE_CHECK_SECONDS = env.float("FILE_CHECK_SECONDS", 5.0)
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
