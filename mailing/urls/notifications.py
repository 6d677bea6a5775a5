from django.urls import path

from mailing.views import notifications

app_name = "notifications"

urlpatterns = [
    path("", notifications.index, name="index"),
    path("tout-lire/", notifications.read_all, name="read_all"),
    path("<int:pk>/", notifications.open_one, name="open"),
]
