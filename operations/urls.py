from django.urls import path

from operations.views import health

urlpatterns = [
    path("", health.alive, name="liveness"),
    path("pret/", health.ready, name="readiness"),
    path("travail/", health.work, name="work"),
    path("metriques/", health.metrics, name="metrics"),
]
