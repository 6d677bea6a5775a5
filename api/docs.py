"""The API told for people: a page rendered from the OpenAPI document, in the site's own look."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja.responses import Response

from api.keys import PER_MINUTE
from api.site import schema

TYPES = {
    "string": "texte",
    "integer": "nombre entier",
    "boolean": "vrai ou faux",
    "array": "liste",
    "object": "objet",
    "null": "null",
}
FORMATS = {"date-time": "instant"}
SUCCESS = range(200, 300)


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return Response(schema())


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    document = schema()
    context = {
        "info": document["info"],
        "groups": _groups(document),
        "base": settings.SITE_URL,
        "per_minute": PER_MINUTE,
    }
    return render(request, "perf/api/docs.html", context)


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Operations by the thing they are about."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            told = _operation(document, method.upper(), path, operation)
            found.setdefault(operation["tags"][0], []).append(told)
    return found


def _operation(
    document: dict[str, Any], method: str, path: str, operation: dict[str, Any]
) -> dict[str, Any]:
    body = _content(document, operation.get("requestBody", {}))
    return {
        "id": operation["operationId"].replace("_", "-"),
        "method": method,
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "parameters": [_parameter(document, one) for one in operation["parameters"]],
        "fields": _fields(document, body),
        "curl": _curl(method, path, _example(body)),
        "responses": [
            {
                "status": status,
                "description": response["description"],
                "is_success": int(status) in SUCCESS,
                "fields": _fields(document, _content(document, response)),
            }
            for status, response in sorted(operation["responses"].items())
        ],
    }


def _parameter(document: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "type": _type(document, parameter["schema"]),
        "is_required": parameter["required"],
        "description": parameter.get("description", ""),
    }


def _content(document: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    found = told.get("content", {}).get("application/json", {}).get("schema", {})
    return _resolved(document, found)


def _resolved(document: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in found:
        return found
    name = found["$ref"].rpartition("/")[2]
    return {**document["components"]["schemas"][name], "name": name}


def _fields(document: dict[str, Any], found: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "type": _type(document, field),
            "is_required": name in found.get("required", []),
            "description": field.get("description", ""),
        }
        for name, field in found.get("properties", {}).items()
    ]


def _type(document: dict[str, Any], field: dict[str, Any]) -> str:
    """In words: «texte ou null», «PANNE, MAINTENANCE ou NON_MESURE», «liste : objet»."""
    field = _resolved(document, field)
    if options := field.get("anyOf") or field.get("allOf"):
        return " ou ".join(_type(document, option) for option in options)
    if "enum" in field:
        *first, last = field["enum"]
        return f"{', '.join(first)} ou {last}"
    if "items" in field:
        return f"liste : {_type(document, field['items'])}"
    kind = str(field.get("type", ""))
    return FORMATS.get(field.get("format", "")) or TYPES.get(kind, kind)


def _example(body: dict[str, Any]) -> dict[str, Any] | None:
    """The first one, its fields in the order of the table."""
    first = next(iter(body.get("examples", [])), None)
    if first is None:
        return None
    return {name: first[name] for name in body["properties"] if name in first}


def _curl(method: str, path: str, example: Any) -> str:
    lines = [f"curl -X {method} {settings.SITE_URL}{path}", '-H "Authorization: Bearer $CLE"']
    if example is not None:
        text = json.dumps(example, ensure_ascii=False, indent=2).replace("'", "’")
        lines += ["-H 'Content-Type: application/json'", f"-d '{text}'"]
    return " \\\n  ".join(lines)
