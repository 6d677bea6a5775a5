from django.urls import path

from calendar_app.views import parameters

app_name = "parameters"

urlpatterns = [
    path("", parameters.index, name="index"),
    path("<str:key>/modifier/", parameters.amend, name="amend"),
]
