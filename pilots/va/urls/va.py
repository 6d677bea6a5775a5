"""The VA of a DRIMbox prestation, under `/prestations/`."""

from django.urls import path

from pilots.va.views import va

app_name = "va"
urlpatterns = [
    path("<int:pk>/va/", va.detail, name="detail"),
    path("<int:pk>/va.pdf", va.pdf, name="pdf"),
    path("<int:pk>/va/enregistrer/", va.create, name="create"),
    path("<int:pk>/va/corriger/", va.correct, name="correct"),
    path("<int:pk>/va/notification/", va.notify, name="notify"),
    path("<int:pk>/va/notification/retirer/", va.withdraw, name="withdraw"),
    path("va/conditions/<int:pk>/", va.condition, name="condition"),
    path("va/conditions/<int:pk>/annuler/", va.undo, name="undo"),
    path("va/pieces/<int:pk>/", va.file, name="file"),
]
