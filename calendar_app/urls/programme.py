from django.urls import path

from calendar_app.views import programme

app_name = "programme"

urlpatterns = [
    path("programme/", programme.index, name="index"),
    path("programme/actualiser/", programme.refresh, name="refresh"),
    path("programme.pdf", programme.paper, name="pdf"),
    path("programme.xlsx", programme.workbook, name="xlsx"),
    path("programme.json", programme.as_json, name="json"),
    path("programme.csv", programme.as_csv, name="csv"),
    path("donnees-ouvertes/", programme.open_data, name="open_data"),
]
