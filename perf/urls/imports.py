from django.urls import path

from perf.views import imports

urlpatterns = [
    path("pannes/importer/", imports.index, name="import"),
    path("pannes/importer/verification/", imports.check, name="import_check"),
    path("pannes/importer/modele.csv", imports.model, name="import_model"),
]
