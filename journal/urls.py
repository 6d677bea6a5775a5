from django.urls import path

from journal.views import pages
from segur.exports import files

app_name = "journal"

urlpatterns = [
    path("", pages.index, name="index"),
    *files("journal", pages.export),
]
