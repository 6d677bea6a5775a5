from django.urls import path

from calendar_app.views import portfolio
from segur.exports import Format

app_name = "portfolio"

urlpatterns = [
    path("", portfolio.index, name="index"),
    path("liste.csv", portfolio.table, {"kind": Format.CSV}, name="csv"),
    path("liste.xlsx", portfolio.table, {"kind": Format.XLSX}, name="xlsx"),
]
