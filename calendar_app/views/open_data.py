"""The open data: the calendars, the catalogue of all files, and their schemas."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from calendar_app.display.open_calendars import as_linked_data
from calendar_app.rules.datasets import JSON_LD, TURTLE, datasets
from calendar_app.selectors.open_data import calendars_document, catalogue, schema_of
from segur.conditional import unless_known
from segur.open_answers import open_data, written


@open_data
def calendars(request: HttpRequest) -> HttpResponse:
    document = calendars_document()
    answer = written(document.model_dump(mode="json"))
    return unless_known(request, answer, changed=document.modifie_le)


@open_data
def calendars_linked(request: HttpRequest, kind: str) -> HttpResponse:
    document = calendars_document()
    linked = as_linked_data(document.model_dump(mode="json"))
    return unless_known(request, _linked(linked, kind), changed=document.modifie_le)


@open_data
def catalogue_linked(request: HttpRequest, kind: str) -> HttpResponse:
    return unless_known(request, _linked(catalogue(), kind), changed=None)


@open_data
def schema(request: HttpRequest, slug: str) -> HttpResponse:
    dataset = next((one for one in datasets() if one.slug == slug), None)
    if dataset is None:
        raise Http404
    answer = written(schema_of(dataset), "application/schema+json")
    return unless_known(request, answer, changed=None)


def _linked(document: dict[str, Any], kind: str) -> HttpResponse:
    if kind == JSON_LD:
        return written(document, JSON_LD)
    # loaded where it is asked for: no other page of the site needs RDF
    from rdflib import Graph  # noqa: PLC0415
    from rdflib.plugins.parsers.jsonld import to_rdf  # noqa: PLC0415

    graph = to_rdf(document, Graph(bind_namespaces="none"))
    return HttpResponse(graph.serialize(format="turtle"), content_type=f"{TURTLE}; charset=utf-8")
