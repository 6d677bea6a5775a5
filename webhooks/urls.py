from django.urls import path

from webhooks import views

app_name = "webhooks"

urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/secret/", views.secret, name="secret"),
    path("<int:pk>/essai/", views.trial, name="trial"),
    path("<int:pk>/desactiver/", views.disable, name="disable"),
    path("<int:pk>/reactiver/", views.enable, name="enable"),
    path("<int:pk>/supprimer/", views.delete, name="delete"),
    path("<int:pk>/reprendre/", views.replay_dead, name="replay_dead"),
    path("envois/<int:pk>/reprendre/", views.replay, name="replay"),
]
