from django.urls import path

from perf.views import exports
from perf.views import ratios as views
from segur.exports import files

urlpatterns = [
    path("comptes-rendus/", views.index, name="ratios"),
    *files("comptes-rendus/liste", exports.ratios, "ratios_"),
    path("comptes-rendus/<int:pk>/", views.ratio, name="ratio"),
    path("prestations/<int:pk>/comptes-rendus/", views.prestation, name="ratios_prestation"),
    path("prestations/<int:pk>/comptes-rendus/saisir/", views.create, name="ratio_create"),
]
