from django.urls import path

from calendar_app.views import bulk, deadlines, exports, filings, pieces
from segur.exports import files
from teamwork.views.charges import charge
from teamwork.views.comments import comment

app_name = "deadlines"

urlpatterns = [
    path("", deadlines.index, name="index"),
    *files("liste", exports.deadlines),
    path("<int:pk>/", deadlines.detail, name="detail"),
    path("<int:pk>/depot/", filings.prepare, name="prepare"),
    path("<int:pk>/dossier/", pieces.index, name="dossier"),
    path("<int:pk>/dossier/ajouter/", pieces.add, name="piece_add"),
    path("<int:pk>/dossier/<slug:code>/", pieces.edit, name="piece"),
    path("dossiers/fichiers/<int:pk>/", pieces.file, name="piece_file"),
    path("dossiers/pieces-attendues/", pieces.expected, name="expected"),
    path("dossiers/pieces-attendues/nouvelle/", pieces.expected_create, name="expected_create"),
    path("dossiers/pieces-attendues/<int:pk>/", pieces.expected_edit, name="expected_edit"),
    path("<int:pk>/abandon/", deadlines.abandon, name="abandon"),
    path("<int:pk>/sans-objet/", deadlines.set_aside, name="set_aside"),
    path("<int:pk>/reprise/", deadlines.resume, name="resume"),
    path("<int:pk>/charge/", charge, {"kind": "echeance"}, name="charge"),
    path("<int:pk>/commentaires/", comment, {"kind": "echeance"}, name="comment"),
    path("<int:pk>/decision/", deadlines.decide, name="decide"),
    path("<int:pk>/reouverture/", deadlines.reopen, name="reopen"),
    path("recepisses/<slug:number>/", filings.receipt, name="receipt"),
    path("recepisses/<slug:number>.pdf", filings.receipt_pdf, name="receipt_pdf"),
    path("recepisses/<slug:number>.json", filings.receipt_json, name="receipt_json"),
    path("depots-groupes/<slug:number>/", bulk.batch, name="batch"),
    path("depots-groupes/<slug:number>.pdf", bulk.batch_pdf, name="batch_pdf"),
    path("confirmation/", bulk.confirm_list, name="confirm_list"),
    path("depots-groupes/<slug:number>.json", bulk.batch_json, name="batch_json"),
    path("pieces/<int:pk>/", filings.proof, name="proof"),
    path("pieces/<int:pk>/retrait/", filings.withdraw, name="withdraw"),
]
