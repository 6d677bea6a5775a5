"""«Premières installations réussies», for the public and for the ANS."""

from django.urls import path

from pilots.pv.views import publications

app_name = "publications"
urlpatterns = [
    path("installations-reussies/", publications.index, name="index"),
    path("installations-reussies.json", publications.as_json, name="json"),
    path("installations-reussies/flux.atom", publications.feed, name="feed"),
    path("installations-reussies/<int:pk>/publier/", publications.decide, name="decide"),
    path("installations-reussies/<int:pk>/retirer/", publications.withdraw, name="withdraw"),
    path(
        "installations-reussies/<int:pk>/proposer-de-nouveau/",
        publications.propose_again,
        name="propose_again",
    ),
]
