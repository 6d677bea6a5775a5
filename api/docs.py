"""The API for people: the OpenAPI document as a page of the site, in French (ADR 0043)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja.responses import Response

from api.deprecation import DEPRECATIONS
from api.keys import PER_MINUTE
from api.operations import BODY, HEADERS, MATCH, NOT_FOUND, SHARED
from api.site import TAGS, schema

TYPES = {
    "string": "texte",
    "integer": "nombre entier",
    "boolean": "vrai ou faux",
    "array": "liste",
    "object": "objet",
    "date-time": "instant",
    "date": "jour",
    "binary": "fichier",
}
EVERYWHERE: dict[int, str] = {
    **BODY,
    **SHARED,
    **MATCH,
    404: NOT_FOUND,
    405: "L'adresse ne connaît pas cette méthode : `Allow` dit lesquelles.",
    409: "L'état ne le permet pas : `detail` dit pourquoi.",
    503: "La base est occupée : renvoyez la même requête après `Retry-After` secondes.",
}
"""The refusals that the page explains once, for all operations."""
SUCCESS = range(200, 300)


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return Response(schema())


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What all operations share, and the list of them."""
    context = {
        "info": schema()["info"],
        "groups": [(tag, TAGS[tag], ones) for tag, ones in operations().items()],
        "refusals": sorted(EVERYWHERE.items()),
        "headers": [header for [header] in HEADERS.values()],
        "per_minute": PER_MINUTE,
        "leaving": sum(len(methods) for methods in DEPRECATIONS.values()),
    }
    return render(request, "api/docs.html", context)


@login_not_required
@require_safe
def group(request: HttpRequest, tag: str) -> HttpResponse:
    """The operations about one thing."""
    if tag not in TAGS:
        raise Http404
    context = {"title": TAGS[tag], "operations": operations()[tag]}
    return render(request, "api/docs_group.html", context)


@cache
def operations() -> dict[str, list[dict[str, Any]]]:
    """By the thing they are about: made once, the document does not change."""
    every = [
        _operation(path, method.upper(), operation)
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
    ]
    return {tag: [one for one in every if one["tag"] == tag] for tag in TAGS}


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    kind, body = _body(operation.get("requestBody", {}))
    shared = {one["name"] for headers in HEADERS.values() for one in headers}
    own = [one for one in operation["parameters"] if one["name"] not in shared]
    responses = sorted((int(status), one) for status, one in operation["responses"].items())
    return {
        "id": operation["operationId"].replace("_", "-"),
        "tag": operation["tags"][0],
        "method": method,
        "path": path,
        "summary": operation["summary"],
        "is_deprecated": operation.get("deprecated", False),
        "description": operation["description"],
        "parameters": [{**one, "type": _type(one["schema"])} for one in own],
        "kind": kind,
        "fields": _fields(body),
        "example": _example(body),
        "responses": [
            {"status": status, "text": one["description"], "fields": _fields(_body(one)[1])}
            for status, one in responses
            if status in SUCCESS or one["description"] != EVERYWHERE.get(status)
        ],
    }


def _body(described: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Its type, and its resolved schema."""
    every: dict[str, dict[str, Any]] = described.get("content", {})
    kind, content = next(iter(every.items()), ("", {}))
    is_refusal = "problem" in kind
    return kind, {} if is_refusal else _resolved(content.get("schema", {}))


def _resolved(found: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in found:
        return found
    schemas: dict[str, dict[str, Any]] = schema()["components"]["schemas"]
    return schemas[found["$ref"].rpartition("/")[2]]


def _fields(found: dict[str, Any]) -> list[dict[str, Any]]:
    required = found.get("required", [])
    return [
        {
            "name": name,
            "type": _type(field),
            "required": name in required,
            "description": field.get("description", ""),
        }
        for name, field in found.get("properties", {}).items()
    ]


def _type(field: dict[str, Any]) -> str:
    """In words: «texte ou null», «PANNE, MAINTENANCE ou NON_MESURE», «liste : objet»."""
    field = _resolved(field)
    if options := field.get("anyOf") or field.get("allOf"):
        return " ou ".join(_type(option) for option in options)
    if "enum" in field:
        *first, last = field["enum"]
        return f"{', '.join(first)} ou {last}" if first else str(last)
    if "items" in field:
        return f"liste : {_type(field['items'])}"
    kinds = field.get("type", "")
    named: list[str] = kinds if isinstance(kinds, list) else [field.get("format") or kinds]
    return " ou ".join(TYPES.get(kind, kind) for kind in named)


def _example(body: dict[str, Any]) -> str:
    first = next(iter(body.get("examples", [])), None)
    return json.dumps(first, ensure_ascii=False, indent=2) if first else ""
