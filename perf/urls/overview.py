from django.urls import path

from perf.views import overview
from segur.exports import files

urlpatterns = [
    path("", overview.index, name="index"),
    *files("liste", overview.export),
]
