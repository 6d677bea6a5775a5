from django.urls import path

from calendar_app.views import portfolio, portfolio_money, portfolio_pace
from segur.exports import Format

app_name = "portfolio"

urlpatterns = [
    path("", portfolio.index, name="index"),
    path("liste.csv", portfolio.table, {"kind": Format.CSV}, name="csv"),
    path("liste.xlsx", portfolio.table, {"kind": Format.XLSX}, name="xlsx"),
    path("rythme/", portfolio_pace.pace, name="pace"),
    path("montants/", portfolio_money.index, name="money"),
    path("montants/en-nombre/", portfolio_money.create_many, name="amounts_many"),
    path("montants/prestation/<int:pk>/", portfolio_money.edit, name="amounts"),
    path("montants/liste.csv", portfolio_money.table, {"kind": Format.CSV}, name="money_csv"),
    path("montants/liste.xlsx", portfolio_money.table, {"kind": Format.XLSX}, name="money_xlsx"),
    path("marge/", portfolio_pace.margin, name="margin"),
]
