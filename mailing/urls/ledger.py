from django.urls import path

from mailing.views import exports, ledger
from segur.exports import files

app_name = "mails"

urlpatterns = [
    path("", ledger.index, name="index"),
    *files("liste", exports.mails),
    path("suspendre/", ledger.hold, name="hold"),
    path("reprendre/", ledger.release, name="release"),
]
