from django.urls import path

from perf import views

app_name = "perf"
urlpatterns = [path("simulateur/", views.simulator, name="simulator")]
