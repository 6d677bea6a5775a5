from django.urls import path

from calendar_app.views import archives, exports, solutions, suppliers, takeover
from segur.exports import files

app_name = "solutions"

urlpatterns = [
    path("", solutions.index, name="index"),
    *files("liste", exports.solutions),
    path("nouvelle/", solutions.create, name="create"),
    path("<int:pk>/", solutions.detail, name="detail"),
    path("<int:pk>/dossier.zip", archives.solution, name="archive"),
    path("<int:pk>/modifier/", solutions.edit, name="edit"),
    path("<int:pk>/referencement/", solutions.referencing, name="referencing"),
    path("<int:pk>/reprise/", takeover.solution, name="takeover"),
    path("<int:pk>/fournisseurs/nouveau/", suppliers.create, name="supplier_create"),
    path("fournisseurs/<int:pk>/", suppliers.detail, name="supplier_detail"),
    path("fournisseurs/<int:pk>/modifier/", suppliers.edit, name="supplier_edit"),
]
