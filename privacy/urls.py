from django.urls import path

from privacy.views import archives, erasures, mine, pages

app_name = "privacy"

urlpatterns = [
    path("confidentialite/", pages.policy, name="policy"),
    path("mentions-legales/", pages.legal_notice, name="legal_notice"),
    path("profil/mes-donnees/", mine.mine, name="mine"),
    path("profil/mes-donnees/export/", mine.export, name="export"),
    path("profil/mes-donnees/effacement/", mine.erase, name="erase"),
    path("profil/mes-donnees/effacement/retirer/", mine.keep, name="keep"),
    path("organisation/export/", archives.ask, name="export_organisation"),
    path("organisations/<int:pk>/export/", archives.ask, name="export_other"),
    path("archives/", archives.index, name="archives"),
    path("archives/<int:pk>/", archives.download, name="archive"),
    path("effacements/", erasures.index, name="erasures"),
    path("effacements/<int:pk>/", erasures.detail, name="erasure"),
]
