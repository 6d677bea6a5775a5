from django.urls import path

from perf.views import exports, imports
from segur.exports import Format

_CSV, _XLSX = {"kind": Format.CSV}, {"kind": Format.XLSX}
_OF_ONE = "prestations/<int:pk>/pannes"

urlpatterns = [
    path("pannes/importer/", imports.index, name="import"),
    path("pannes/importer/verification/", imports.check, name="import_check"),
    path("pannes/importer/modele.csv", imports.model, name="import_model"),
    path("pannes.csv", exports.of_all, _CSV, name="all_outages_csv"),
    path("pannes.xlsx", exports.of_all, _XLSX, name="all_outages_xlsx"),
    path(f"{_OF_ONE}.csv", exports.of_prestation, _CSV, name="outages_csv"),
    path(f"{_OF_ONE}.xlsx", exports.of_prestation, _XLSX, name="outages_xlsx"),
]
