from django.urls import path

from perf.views import corrections, exports
from segur.exports import files

urlpatterns = [
    path("corrections/", corrections.index, name="corrections"),
    *files("corrections/liste", exports.corrections, "corrections_"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/retirer/", corrections.withdraw, name="correction_withdraw"),
]
