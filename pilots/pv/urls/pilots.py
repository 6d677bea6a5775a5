"""RIS pilots, their requests to the ASP and their PV."""

from django.urls import path

from pilots.pv.views import exports, pilots, pvs
from segur.exports import files
from teamwork.views.charges import charge
from teamwork.views.comments import comment

app_name = "pilots"
urlpatterns = [
    path("", pilots.index, name="index"),
    *files("liste", exports.pilots),
    path("fournisseurs/<int:pk>/designer/", pilots.name, name="name"),
    path("<int:pk>/", pilots.detail, name="detail"),
    path("<int:pk>/retirer/", pilots.withdraw, name="withdraw"),
    path("<int:pk>/pv/", pvs.create, name="pv_create"),
    path("demandes/<int:pk>/", pilots.asp_request, name="request"),
    path("pv/<int:pk>/", pvs.detail, name="pv"),
    path("pv/<int:pk>/charge/", charge, {"kind": "pv"}, name="pv_charge"),
    path("pv/<int:pk>/commentaires/", comment, {"kind": "pv"}, name="pv_comment"),
    path("pv/<int:pk>/modifier/", pvs.edit, name="pv_edit"),
    path("pv/<int:pk>/pv-a-signer.pdf", pvs.document, name="pv_pdf"),
    path("pv/<int:pk>/signer/", pvs.sign, name="pv_sign"),
    path("pv/<int:pk>/transmettre/", pvs.send, name="pv_send"),
    path("pv/<int:pk>/recepisse/", pvs.receipt, name="pv_receipt"),
    path("pv/<int:pk>/recepisse.pdf", pvs.receipt_pdf, name="pv_receipt_pdf"),
    path("pv/decisions/<int:pk>.pdf", pvs.decision, name="pv_decision_pdf"),
    path("pv/<int:pk>/reprendre/", pvs.take_back, name="pv_take_back"),
    path("pv/<int:pk>/abandonner/", pvs.abandon, name="pv_abandon"),
    path("pv/fichiers/<int:pk>/", pvs.file, name="pv_file"),
]
