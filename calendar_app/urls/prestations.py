from django.urls import path

from calendar_app.views import archives, exports, orders, prestations, takeover
from segur.exports import Format, files

app_name = "prestations"

urlpatterns = [
    path("", prestations.index, name="index"),
    path("nouvelle/", prestations.create, name="create"),
    path("en-nombre/", orders.create_many, name="create_many"),
    path("en-nombre/verification/", orders.check_many, name="check_many"),
    path("en-nombre/modele.csv", orders.template, {"kind": Format.CSV}, name="template_csv"),
    path("en-nombre/modele.xlsx", orders.template, {"kind": Format.XLSX}, name="template_xlsx"),
    *files("liste", exports.prestations),
    path("<int:pk>/", prestations.detail, name="detail"),
    path("<int:pk>/dossier.zip", archives.prestation, name="archive"),
    path("<int:pk>/modifier/", prestations.edit, name="edit"),
    path("<int:pk>/reprise/", takeover.prestation, name="takeover"),
]
