from django.urls import path

from perf.views import ratios as views

urlpatterns = [
    path("comptes-rendus/", views.index, name="ratios"),
    path("comptes-rendus/<int:pk>/", views.ratio, name="ratio"),
    path("prestations/<int:pk>/comptes-rendus/", views.prestation, name="ratios_prestation"),
    path("prestations/<int:pk>/comptes-rendus/saisir/", views.create, name="ratio_create"),
]
