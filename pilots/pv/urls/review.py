"""The review of the PV by the ANS."""

from django.urls import path

from pilots.pv.views import review

app_name = "review"
urlpatterns = [
    path("", review.index, name="index"),
    path("affecter/", review.assign, name="assign"),
    path("<int:pk>/", review.pv, name="pv"),
    path("<int:pk>/prendre/", review.take, name="take"),
    path("<int:pk>/rendre/", review.give_back, name="give_back"),
    path("<int:pk>/decider/", review.decide, name="decide"),
    path("<int:pk>/confirmer/", review.confirm, name="confirm"),
    path("<int:pk>/infirmer/", review.contradict, name="contradict"),
    path("<int:pk>/rouvrir/", review.reopen, name="reopen"),
    path("fichiers/<int:pk>/", review.file, name="file"),
]
