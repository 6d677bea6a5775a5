from django.urls import path

from perf.views import prestations

urlpatterns = [path("prestations/<int:pk>/", prestations.prestation, name="prestation")]
