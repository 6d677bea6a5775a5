from django.urls import path

from perf.views import statements

urlpatterns = [
    path("prestations/<int:pk>/releves/", statements.statements, name="statements"),
    path("releves/<int:pk>/", statements.statement, name="statement"),
    path("releves/<int:pk>.pdf", statements.statement_pdf, name="statement_pdf"),
    path("releves/<int:pk>.csv", statements.statement_csv, name="statement_csv"),
    path("releves/<int:pk>.json", statements.statement_json, name="statement_json"),
]
