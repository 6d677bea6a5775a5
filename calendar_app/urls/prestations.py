from django.urls import URLPattern

app_name = "prestations"

urlpatterns: list[URLPattern] = []
