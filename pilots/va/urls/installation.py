"""Connectors and portals of a prestation, couple of a solution."""

from django.urls import path

from pilots.va.views import exports
from pilots.va.views import installation as views
from segur.exports import files

app_name = "installation"
urlpatterns = [
    path("prestations/<int:pk>/connecteurs/", views.connectors, name="connectors"),
    path("prestations/<int:pk>/connecteurs/<slug:kind>/", views.connector, name="connector"),
    path("connecteurs/pieces/<int:pk>/", views.connector_file, name="connector_file"),
    path("portails/", views.pending, name="pending_portals"),
    *files("portails/liste", exports.pending, "pending_portals_"),
    path("prestations/<int:pk>/portails/", views.portals, name="portals"),
    path("prestations/<int:pk>/portails/nouveau/", views.portal_create, name="portal_create"),
    path("prestations/<int:pk>/portails/aucun/", views.portal_absence, name="portal_absence"),
    path("portails/aucun/pieces/<int:pk>/", views.portal_absence_file, name="portal_absence_file"),
    path("portails/<int:pk>/", views.portal, name="portal"),
    path("portails/pieces/<int:pk>/", views.portal_file, name="portal_file"),
    path("solutions/<int:pk>/couple/", views.couple, name="couple"),
]
