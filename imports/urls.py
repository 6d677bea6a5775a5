from django.urls import path

from imports.views import pages

app_name = "imports"

urlpatterns = [
    path("", pages.index, name="index"),
    path("<int:pk>/", pages.detail, name="detail"),
]
