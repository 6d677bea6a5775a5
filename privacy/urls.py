from django.urls import path

from privacy.views import pages

app_name = "privacy"

urlpatterns = [
    path("confidentialite/", pages.policy, name="policy"),
    path("mentions-legales/", pages.legal_notice, name="legal_notice"),
]
