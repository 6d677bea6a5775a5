"""Addresses under `/api/v1/`. They are outside the login of the site: its cookies open nothing."""

from django.urls import path, re_path

from api import docs
from api.guards import nowhere, operations_of
from api.site import api

app_name = "api"
urlpatterns = [
    path("docs", docs.page, name="docs"),
    path("docs/<slug:tag>", docs.group, name="docs_group"),
    path("openapi.json", docs.openapi, name="openapi"),
    *operations_of(api),
    re_path("", nowhere),
]
