"""The API itself: its key, its refusals. `segur.urls` adds the operations of each app."""

from functools import cache
from typing import Any

from ninja import NinjaAPI

from api import problems
from api.keys import ApiKey

PREFIX = "api/v1/"

api = NinjaAPI(
    title="Ségur Imagerie : API de PERF",
    version="1",
    description=(
        "Enregistrer et lire les pannes des services DRIMbox. Chaque appel porte la clé d'une "
        "organisation ; les instants sont en ISO 8601 avec leur décalage horaire."
    ),
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    auth=ApiKey(),
)
problems.install(api)


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    return found
