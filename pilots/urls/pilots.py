"""RIS pilots, their requests to the ASP and their PV."""

from django.urls import path

from pilots.views import pilots, pvs

app_name = "pilots"
urlpatterns = [
    path("", pilots.index, name="index"),
    path("<int:pk>/", pilots.detail, name="detail"),
    path("pv/<int:pk>/", pvs.detail, name="pv"),
]
