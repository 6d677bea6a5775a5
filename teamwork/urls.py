from django.urls import path

from teamwork.views import absences, comments

app_name = "teamwork"

urlpatterns = [
    path("profil/absence/", absences.absence, name="absence"),
    path("profil/absence/terminer/", absences.end, name="absence_end"),
    path("commentaires/fichiers/<int:pk>/", comments.comment_file, name="comment_file"),
]
