"""The views of allauth.mfa, one address each."""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts.views import second_factor

urlpatterns = [
    path("", second_factor.index, name="mfa_index"),
    path("controle/", base.authenticate, name="mfa_authenticate"),
    path("confirmation/", base.reauthenticate, name="mfa_reauthenticate"),
    path("appareil/", base.trust, name="mfa_trust"),
    path("application/", totp.activate_totp, name="mfa_activate_totp"),
    path("application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/nouveaux/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes/fichier/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("cles/nouvelle/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("cles/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("cles/<int:pk>/retirer/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path(
        "cles/confirmation/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    # allauth does not exempt this one from Django's LoginRequiredMiddleware.
    path(
        "cles/connexion/",
        login_not_required(webauthn.login_webauthn),
        name="mfa_login_webauthn",
    ),
]
