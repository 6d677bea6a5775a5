"""Outages by hand, under the namespace of PERF."""

from django.urls import path

from perf.views import decisions, outages

urlpatterns = [
    path("prestations/<int:pk>/service/", outages.service, name="service"),
    path("prestations/<int:pk>/pannes/nouvelle/", outages.create, name="outage_create"),
    path("pannes/<int:pk>/", outages.detail, name="outage"),
    path("pannes/<int:pk>/version/", outages.add_version, name="version_add"),
    path("versions/<int:pk>/", outages.edit_version, name="version_edit"),
    path("versions/<int:pk>/separer/", decisions.separate, name="version_separate"),
    path("pannes/<int:pk>/fin/", outages.end, name="outage_end"),
    path("pannes/<int:pk>/pieces/", outages.attach, name="outage_attach"),
    path("pieces/<int:pk>/", outages.proof, name="outage_proof"),
    path("pannes/<int:pk>/contester/", decisions.contest, name="outage_contest"),
    path("pannes/<int:pk>/decider/", decisions.decide, name="outage_decide"),
    path("pannes/<int:pk>/rapprocher/", decisions.merge, name="outage_merge"),
]
