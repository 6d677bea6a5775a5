from django.urls import path

from calendar_app.views import programme

app_name = "programme"

urlpatterns = [path("", programme.index, name="index")]
