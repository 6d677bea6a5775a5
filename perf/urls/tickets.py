from django.urls import path

from perf.views import exports
from perf.views import tickets as views
from segur.exports import files
from teamwork.views.charges import charge
from teamwork.views.comments import comment

urlpatterns = [
    path("tickets/", views.index, name="tickets"),
    *files("tickets/liste", exports.tickets, "tickets_"),
    path("tickets/declarer/", views.choose, name="ticket_choose"),
    path("prestations/<int:pk>/tickets/declarer/", views.create, name="ticket_create"),
    path("tickets/<int:pk>/", views.detail, name="ticket"),
    path("tickets/<int:pk>.pdf", views.pdf, name="ticket_pdf"),
    path("tickets/<int:pk>/charge/", charge, {"kind": "ticket"}, name="ticket_charge"),
    path("tickets/<int:pk>/commentaires/", comment, {"kind": "ticket"}, name="ticket_comment"),
    path("pannes/<int:pk>/commentaires/", comment, {"kind": "panne"}, name="outage_comment"),
    path("tickets/<int:pk>/prise-en-charge/", views.respond, name="ticket_respond"),
    path("tickets/<int:pk>/retablissement/", views.restore, name="ticket_restore"),
    path("tickets/<int:pk>/corriger/", views.correct, name="ticket_correct"),
]
