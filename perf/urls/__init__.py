from django.urls import path

from perf.views import simulator

app_name = "perf"
urlpatterns = [path("simulateur/", simulator.simulator, name="simulator")]
