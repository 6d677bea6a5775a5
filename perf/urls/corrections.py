from django.urls import path

from perf.views import corrections

urlpatterns = [
    path("corrections/", corrections.index, name="corrections"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/retirer/", corrections.withdraw, name="correction_withdraw"),
]
