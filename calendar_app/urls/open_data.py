"""Stable addresses: other sites have them in their catalogues."""

from django.urls import path

from calendar_app.rules.datasets import JSON_LD, TURTLE
from calendar_app.views import open_data

_JSON_LD, _TURTLE = {"kind": JSON_LD}, {"kind": TURTLE}

app_name = "open_data"

urlpatterns = [
    path("calendriers.json", open_data.calendars, name="calendars"),
    path("calendriers.jsonld", open_data.calendars_linked, _JSON_LD, name="calendars_jsonld"),
    path("calendriers.ttl", open_data.calendars_linked, _TURTLE, name="calendars_turtle"),
    path("catalogue.jsonld", open_data.catalogue_linked, _JSON_LD, name="catalogue_jsonld"),
    path("catalogue.ttl", open_data.catalogue_linked, _TURTLE, name="catalogue_turtle"),
    path("schemas/<slug:slug>.json", open_data.schema, name="schema"),
]
