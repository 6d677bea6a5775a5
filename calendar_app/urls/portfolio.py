from django.urls import path

from calendar_app.views import portfolio, portfolio_money, portfolio_pace
from segur.exports import files

app_name = "portfolio"

urlpatterns = [
    path("", portfolio.index, name="index"),
    *files("liste", portfolio.table),
    path("rythme/", portfolio_pace.pace, name="pace"),
    path("montants/", portfolio_money.index, name="money"),
    path("montants/en-nombre/", portfolio_money.create_many, name="amounts_many"),
    path("montants/prestation/<int:pk>/", portfolio_money.edit, name="amounts"),
    *files("montants/liste", portfolio_money.table, "money_"),
    path("marge/", portfolio_pace.margin, name="margin"),
]
