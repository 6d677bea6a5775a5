"""The API itself: its key, its refusals. `segur.urls` adds the operations of each app."""

from functools import cache
from http import HTTPStatus
from importlib import import_module
from typing import Any

from django.conf import settings
from ninja import NinjaAPI

from api import problems
from api.enums import Scope
from api.keys import ApiKey
from api.problems import MEDIA_TYPE

PREFIX = "api/v1/"
TAGS = {
    "solutions": "Solutions",
    "suppliers": "Fournisseurs et droits",
    "prestations": "Clients et prestations",
    "deadlines": "Échéances et dépôts",
    "uploads": "Fichiers par morceaux",
    "vas": "VA",
    "pvs": "PV d'installation pilote",
    "asp-requests": "Demandes à l'ASP",
    "services": "Services",
    "outages": "Pannes",
    "tickets": "Tickets",
    "ratios": "PERFm et PERFe",
    "statements": "Relevés PERF",
    "notifications": "Notifications",
    "supervision": "Supervision",
}
"""Of the operations, in the order of the page: generated clients name their modules by them."""

api = NinjaAPI(
    title="Ségur Imagerie : API",
    version="1",
    description=(
        "Ce que font les écrans, pour le logiciel d'un éditeur ou d'un distributeur : solutions, "
        "prestations, échéances, dépôts, VA, PV, pannes, tickets, ratios et relevés PERF. Chaque "
        "appel porte la clé d'une organisation ; les instants sont en ISO 8601 avec leur décalage "
        "horaire."
    ),
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    auth=ApiKey(*Scope),
    openapi_extra={"tags": [{"name": name, "description": words} for name, words in TAGS.items()]},
)
problems.install(api)


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI document, once the addresses of the site have added every operation."""
    import_module(settings.ROOT_URLCONF)
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    for methods in found["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST and "content" in response:
                    response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
    return found
