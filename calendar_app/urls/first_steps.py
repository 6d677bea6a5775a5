from django.urls import path

from calendar_app.views import first_steps

app_name = "first_steps"

urlpatterns = [
    path("", first_steps.index, name="index"),
    path("remettre/", first_steps.put_off, name="put_off"),
]
