"""The review of the PV by the ANS."""

from django.urls import path

from pilots.pv.views import exports, review, review_acts, sentences, statistics
from segur.exports import files

app_name = "review"
urlpatterns = [
    path("", review.index, name="index"),
    *files("liste", exports.queue),
    path("phrases/", sentences.sentences, name="sentences"),
    path("phrases/nouvelle/", sentences.sentence_create, name="sentence_create"),
    path("phrases/<int:pk>/", sentences.sentence_edit, name="sentence_edit"),
    path("phrases/<int:pk>/supprimer/", sentences.sentence_delete, name="sentence_delete"),
    path("statistiques/", statistics.statistics, name="statistics"),
    *files("statistiques", statistics.export, "statistics_"),
    path("suivant/", review_acts.take_next, name="take_next"),
    path("<int:pk>/", review.pv, name="pv"),
    path("<int:pk>/prendre/", review_acts.take, name="take"),
    path("<int:pk>/rendre/", review_acts.give_back, name="give_back"),
    path("<int:pk>/decider/", review_acts.decide, name="decide"),
    path("<int:pk>/decider-et-suivant/", review_acts.decide_and_next, name="decide_and_next"),
    path("<int:pk>/reprendre-ma-decision/", review_acts.recall, name="recall"),
    path("<int:pk>/retirer-ma-proposition/", review_acts.retract, name="retract"),
    path("<int:pk>/demander-la-confirmation/", review_acts.ask_second, name="ask_second"),
    path("<int:pk>/confirmer/", review_acts.confirm, name="confirm"),
    path("<int:pk>/infirmer/", review_acts.contradict, name="contradict"),
    path("<int:pk>/rouvrir/", review_acts.reopen, name="reopen"),
    path("fichiers/<int:pk>/", review.file, name="file"),
]
