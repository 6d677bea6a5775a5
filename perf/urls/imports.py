from django.urls import path

from perf.views import exports, imports
from segur.exports import files

_OF_ONE = "prestations/<int:pk>/pannes"

urlpatterns = [
    path("pannes/importer/", imports.index, name="import"),
    path("pannes/importer/verification/", imports.check, name="import_check"),
    path("pannes/importer/modele.csv", imports.model, name="import_model"),
    *files("pannes", exports.of_all, "all_outages_"),
    *files(_OF_ONE, exports.of_prestation, "outages_"),
]
