from django.urls import path

from perf.views import overview
from segur.exports import Format

urlpatterns = [
    path("", overview.index, name="index"),
    path("liste.csv", overview.export, {"kind": Format.CSV}, name="csv"),
    path("liste.xlsx", overview.export, {"kind": Format.XLSX}, name="xlsx"),
]
