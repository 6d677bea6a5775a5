from django.urls import path

from journal.views import pages

app_name = "journal"

urlpatterns = [
    path("", pages.index, name="index"),
    path("journal.csv", pages.csv, name="csv"),
]
