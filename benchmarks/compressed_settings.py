"""The settings of a local site, with the static files compressed as in production."""

from segur.settings import *  # noqa: F403
from segur.settings import STORAGES as LOCAL_STORAGES

STORAGES = {
    **LOCAL_STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
