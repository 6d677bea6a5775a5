from django.urls import path

from imports.views import files, pages
from segur.exports import Format

app_name = "imports"

urlpatterns = [
    path("", pages.index, name="index"),
    path("<int:pk>/", pages.detail, name="detail"),
    path("<slug:code>/", files.choose, name="choose"),
    path("<slug:code>/verification/", files.check, name="check"),
    path("<slug:code>/modele.csv", files.template, {"kind": Format.CSV}, name="template_csv"),
    path("<slug:code>/modele.xlsx", files.template, {"kind": Format.XLSX}, name="template_xlsx"),
]
