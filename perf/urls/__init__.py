from django.urls import include, path

from perf.urls import corrections, imports, outages, statements
from perf.views import simulator

app_name = "perf"
urlpatterns = [
    path("", include("perf.urls.overview")),
    path("", include("perf.urls.prestations")),
    path("", include("perf.urls.probes")),
    path("", include("perf.urls.tickets")),
    path("", include("perf.urls.ratios")),
    path("simulateur/", simulator.simulator, name="simulator"),
    *corrections.urlpatterns,
    *imports.urlpatterns,
    *outages.urlpatterns,
    *statements.urlpatterns,
]
