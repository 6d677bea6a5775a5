"""The addresses of PERF."""

from django.urls import path

from perf.views import (
    corrections,
    decisions,
    exports,
    outages,
    overview,
    prestations,
    probes,
    ratios,
    simulator,
    statements,
    tickets,
)
from segur.exports import files
from teamwork.views.charges import charge
from teamwork.views.comments import comment

app_name = "perf"
urlpatterns = [
    path("", overview.index, name="index"),
    *files("liste", overview.export),
    path("prestations/<int:pk>/", prestations.prestation, name="prestation"),
    path("supervision/", probes.supervision, name="supervision"),
    path("tickets/", tickets.index, name="tickets"),
    *files("tickets/liste", exports.tickets, "tickets_"),
    path("tickets/declarer/", tickets.choose, name="ticket_choose"),
    path("prestations/<int:pk>/tickets/declarer/", tickets.create, name="ticket_create"),
    path("tickets/<int:pk>/", tickets.detail, name="ticket"),
    path("tickets/<int:pk>.pdf", tickets.pdf, name="ticket_pdf"),
    path("tickets/<int:pk>/charge/", charge, {"kind": "ticket"}, name="ticket_charge"),
    path("tickets/<int:pk>/commentaires/", comment, {"kind": "ticket"}, name="ticket_comment"),
    path("pannes/<int:pk>/commentaires/", comment, {"kind": "panne"}, name="outage_comment"),
    path("tickets/<int:pk>/prise-en-charge/", tickets.respond, name="ticket_respond"),
    path("tickets/<int:pk>/retablissement/", tickets.restore, name="ticket_restore"),
    path("tickets/<int:pk>/corriger/", tickets.correct, name="ticket_correct"),
    path("comptes-rendus/", ratios.index, name="ratios"),
    *files("comptes-rendus/liste", exports.ratios, "ratios_"),
    path("comptes-rendus/<int:pk>/", ratios.ratio, name="ratio"),
    path("prestations/<int:pk>/comptes-rendus/", ratios.prestation, name="ratios_prestation"),
    path("prestations/<int:pk>/comptes-rendus/saisir/", ratios.create, name="ratio_create"),
    path("simulateur/", simulator.simulator, name="simulator"),
    path("corrections/", corrections.index, name="corrections"),
    *files("corrections/liste", exports.corrections, "corrections_"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/retirer/", corrections.withdraw, name="correction_withdraw"),
    *files("pannes", exports.of_all, "all_outages_"),
    *files("prestations/<int:pk>/pannes", exports.of_prestation, "outages_"),
    path("prestations/<int:pk>/service/", outages.service, name="service"),
    path("prestations/<int:pk>/pannes/nouvelle/", outages.create, name="outage_create"),
    path("pannes/<int:pk>/", outages.detail, name="outage"),
    path("pannes/<int:pk>/version/", outages.add_version, name="version_add"),
    path("versions/<int:pk>/", outages.edit_version, name="version_edit"),
    path("versions/<int:pk>/separer/", decisions.separate, name="version_separate"),
    path("pannes/<int:pk>/fin/", outages.end, name="outage_end"),
    path("pannes/<int:pk>/pieces/", outages.attach, name="outage_attach"),
    path("pieces/<int:pk>/", outages.proof, name="outage_proof"),
    path("pannes/<int:pk>/contester/", decisions.contest, name="outage_contest"),
    path("pannes/<int:pk>/decider/", decisions.decide, name="outage_decide"),
    path("pannes/<int:pk>/rapprocher/", decisions.merge, name="outage_merge"),
    path("prestations/<int:pk>/releves/", statements.statements, name="statements"),
    path("releves/<int:pk>/", statements.statement, name="statement"),
    path("releves/<int:pk>.pdf", statements.statement_pdf, name="statement_pdf"),
    path("releves/<int:pk>.csv", statements.statement_csv, name="statement_csv"),
    path("releves/<int:pk>.json", statements.statement_json, name="statement_json"),
]
