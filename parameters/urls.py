from django.urls import path

from parameters import views as parameters

app_name = "parameters"

urlpatterns = [
    path("", parameters.index, name="index"),
    path("<str:key>/modifier/", parameters.amend, name="amend"),
    path("valeurs/<int:pk>/retirer/", parameters.retire, name="retire"),
]
