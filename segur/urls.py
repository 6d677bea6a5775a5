"""Every address of the site. Login is required by default; public views say so themselves."""

from allauth.account.views import password_set
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views import identities
from api.site import api
from calendar_app.api import deadlines, notifications, prestations, solutions, suppliers, uploads
from journal.views import bulk
from perf.api import outages, ratios, services, statements, tickets, webhooks
from pilots.pv.api import asp_requests, pvs
from pilots.va import api as va_api
from segur import search_page, views, well_known
from segur.guide import views as guide
from segur.reauthentication import sensitive

for part in (
    solutions,
    suppliers,
    prestations,
    deadlines,
    uploads,
    va_api,
    pvs,
    asp_requests,
    services,
    outages,
    tickets,
    ratios,
    statements,
    notifications,
    webhooks,
):
    api.add_router("", part.router)

urlpatterns = [
    path("", include("calendar_app.urls.calendars")),
    path("", include("accounts.urls")),
    path("", include("teamwork.urls")),
    path("", include("privacy.urls")),
    path("accueil/", views.landing, name="landing"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("aide/", guide.index, name="help"),
    path("aide/<slug:slug>/", guide.guide, name="help_guide"),
    path("sources/", views.sources, name="sources"),
    path("sante/", include("operations.urls")),
    path("echeances/", include("calendar_app.urls.deadlines")),
    path("solutions/", include("calendar_app.urls.solutions")),
    path("prestations/", include("calendar_app.urls.prestations")),
    path("recherche/", search_page.index, name="search"),
    path("portefeuille/", include("calendar_app.urls.portfolio")),
    path("premiers-pas/", include("calendar_app.urls.first_steps")),
    path("courriels/", include("mailing.urls.ledger")),
    path("notifications/", include("mailing.urls.notifications")),
    path("rappels/", include("calendar_app.urls.reminders")),
    path("", include("calendar_app.urls.programme")),
    path("donnees-ouvertes/", include("calendar_app.urls.open_data")),
    path("journal/", include("journal.urls")),
    path("imports/", include("imports.urls")),
    path("organisation/webhooks/", include("webhooks.urls")),
    path("en-nombre/<slug:name>/", bulk.act, name="bulk"),
    path("parametres/", include("parameters.urls")),
    path("prestations/", include("pilots.va.urls.va")),
    path("instruction/", include("pilots.pv.urls.review")),
    path("perf/", include("perf.urls")),
    path("api/v1/", include("api.urls")),
    path("pilotes/", include("pilots.pv.urls.pilots")),
    path("listes-de-controle/", include("pilots.checklists.urls")),
    path("prefigurateurs/", include("pilots.prefiguration.urls")),
    path("", include("pilots.pv.urls.publications")),
    path("", include("pilots.va.urls.installation")),
    path("compte/double-authentification/", include("accounts.urls.second_factor")),
    # allauth asks an open session for nothing before it gives the account a password
    path("compte/password/set/", sensitive(password_set), name="account_set_password"),
    path("compte/", include("allauth.account.urls")),
    path("compte/identites/", identities.index, name="socialaccount_connections"),
    path("compte/identites/confirmer/", identities.confirm, name="identity_confirm"),
    path("compte/identites/inscription/", identities.sign_up, name="socialaccount_signup"),
    path("compte/oidc/<slug:provider_id>/", identities.begin, name="openid_connect_login"),
    path("compte/oidc/<slug:provider_id>/retour/", identities.end, name="openid_connect_callback"),
    path("administration/", admin.site.urls),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security_txt"),
    path("", include("segur.moved")),
]

handler400 = "segur.views.bad_request"
handler500 = "segur.views.server_error"

if settings.LOCAL:
    from segur.gallery import gallery

    urlpatterns.append(path("_composants/", gallery, name="composants"))
