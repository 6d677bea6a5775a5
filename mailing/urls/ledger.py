from django.urls import path

from mailing.views import ledger

app_name = "mails"

urlpatterns = [
    path("", ledger.index, name="index"),
    path("suspendre/", ledger.hold, name="hold"),
    path("reprendre/", ledger.release, name="release"),
]
