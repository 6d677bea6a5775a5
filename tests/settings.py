"""The real settings under a throw-away folder, with plain static storage and fast hashing."""

import os
import tempfile
from typing import Any

os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="segur-tests-"))
os.environ.setdefault("FILE_CHECK_SECONDS", "30")  # a busy machine; tests/documents sets it
os.environ.setdefault("PUBLIC_PAGES_SECONDS", "0")  # tests/segur/test_public_pages.py sets it

# The parallel workers of pytest share one Redis: each has a database of its own there.
if (worker := os.environ.get("PYTEST_XDIST_WORKER")) and (url := os.environ.get("REDIS_URL")):
    server, _, _database = url.rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{int(worker.removeprefix('gw')) + 1}"

from segur.settings import *  # noqa: F403
from segur.settings import STORAGES, TEMPLATES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Undefined(str):
    """What a template shows for a variable that it was not given: the test fails, and names it."""

    __slots__ = ()

    def __contains__(self, item):
        return item == "%s"

    def __mod__(self, variable):
        raise AssertionError(f"undefined template variable: {variable}")


_engine: Any = TEMPLATES[0]
_engine["OPTIONS"]["string_if_invalid"] = Undefined("%s")
