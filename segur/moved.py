"""Addresses of pages that have moved, kept for ever: bookmarks, mails and notes have them.

Who moves a page adds its former address here. Of an act whose page is gone, where it is done now.
"""

from django.urls import path, reverse_lazy
from django.views.generic import RedirectView

OUTAGES = {"code": "outages"}
MOVED = {
    "perf/pannes/importer/": reverse_lazy("imports:choose", kwargs=OUTAGES),
    "perf/pannes/importer/verification/": reverse_lazy("imports:check", kwargs=OUTAGES),
    "perf/pannes/importer/modele.csv": reverse_lazy("imports:template_csv", kwargs=OUTAGES),
    "instruction/affecter/": reverse_lazy("review:index"),
    "prefigurateurs/contacts/demander/": reverse_lazy("prefigurateurs:index"),
    "echeances/dossiers/pieces-attendues/<int:pk>/retirer/": reverse_lazy("deadlines:expected"),
}
"""Former address → the present one, which gets its query."""

urlpatterns = [
    path(former, RedirectView.as_view(url=present, permanent=True, query_string=True))
    for former, present in MOVED.items()
]
