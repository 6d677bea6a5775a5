"""The ANS's supervision, under the namespace of PERF."""

from django.urls import path

from perf.views import probes

urlpatterns = [path("supervision/", probes.supervision, name="supervision")]
