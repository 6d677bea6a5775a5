from django.urls import path

from calendar_app.views import reminders

app_name = "reminders"

urlpatterns = [
    path("", reminders.index, name="index"),
    path("preferences/", reminders.preferences, name="preferences"),
    path("courriels/<int:pk>/", reminders.mail, name="mail"),
    path("desabonnement/<str:token>/", reminders.unsubscribe, name="unsubscribe"),
]
