from django.urls import path

from calendar_app.views import exports, reminders
from segur.exports import files

app_name = "reminders"

urlpatterns = [
    path("", reminders.index, name="index"),
    *files("courriels/liste", exports.mails_received),
    path("preferences/", reminders.preferences, name="preferences"),
    path("courriels/<int:pk>/", reminders.mail, name="mail"),
    path("desabonnement/<str:token>/", reminders.unsubscribe, name="unsubscribe"),
]
