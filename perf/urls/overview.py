from django.urls import path

from calendar_app.exports import Format
from perf.views import overview

urlpatterns = [
    path("", overview.index, name="index"),
    path("liste.csv", overview.export, {"kind": Format.CSV}, name="csv"),
    path("liste.xlsx", overview.export, {"kind": Format.XLSX}, name="xlsx"),
]
