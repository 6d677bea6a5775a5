from django.urls import path

from mailing.views import exports, notifications
from segur.exports import files

app_name = "notifications"

urlpatterns = [
    path("", notifications.index, name="index"),
    *files("liste", exports.notifications),
    path("tout-lire/", notifications.read_all, name="read_all"),
    path("<int:pk>/", notifications.open_one, name="open"),
]
