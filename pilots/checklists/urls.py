"""The check-lists of the PV and of the VA."""

from django.urls import path

from pilots.checklists import views as checklists

app_name = "checklists"
urlpatterns = [
    path("", checklists.index, name="index"),
    path("nouvelle/", checklists.create, name="create"),
    path("<int:pk>/modifier/", checklists.edit, name="edit"),
    path("<int:pk>/retirer/", checklists.retire, name="retire"),
]
