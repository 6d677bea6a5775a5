"""The API itself: its operations, its key, its refusals."""

from functools import cache
from typing import Any

from ninja import NinjaAPI

from perf.api import outages, problems, services, webhooks
from perf.api.keys import ApiKey

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
api.add_router("", outages.router)
api.add_router("", services.router)
api.add_router("", webhooks.router)


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    return found
