from django.urls import path

from accounts.views import (
    access_requests,
    api_tokens,
    clients,
    factor_resets,
    invitations,
    members,
    organisations,
    profile,
    sessions,
    viewing,
)

app_name = "accounts"

urlpatterns = [
    path("organisation/", members.organisation, name="organisation"),
    path("organisation/cles/", api_tokens.index, name="api_tokens"),
    path("organisation/cles/<int:pk>/retirer/", api_tokens.revoke, name="api_token_revoke"),
    path("organisation/cles/<int:pk>/reprendre/", api_tokens.take_over, name="api_token_take_over"),
    path("organisation/choisir/", profile.switch, name="switch"),
    path("sans-organisation/", profile.without_organisation, name="none"),
    path("profil/", profile.profile, name="profile"),
    path("compte/sessions/", sessions.index, name="sessions"),
    path("compte/sessions/fermer/", sessions.close_others, name="sessions_close_others"),
    path("compte/sessions/<int:pk>/fermer/", sessions.close, name="session_close"),
    path("affichage/", profile.theme, name="theme"),
    path("membres/<int:pk>/", members.member_edit, name="member_edit"),
    path("membres/<int:pk>/second-facteur/", factor_resets.ask, name="factor_reset_ask"),
    path("seconds-facteurs/<int:pk>/", factor_resets.detail, name="factor_reset"),
    path("seconds-facteurs/<int:pk>/annuler/", factor_resets.cancel, name="factor_reset_cancel"),
    path("membres/<int:pk>/retirer/", members.member_remove, name="member_remove"),
    path("demander-une-invitation/", access_requests.ask, name="access_request"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path(
        "invitations/<int:pk>/renvoyer/",
        members.invitation_send_again,
        name="invitation_resend",
    ),
    path(
        "invitations/<int:pk>/retirer/",
        members.invitation_withdraw,
        name="invitation_revoke",
    ),
    path("organisations/", organisations.index, name="organisations"),
    path("organisations/nouvelle/", organisations.create, name="organisation_create"),
    path("organisations/<int:pk>/", organisations.detail, name="organisation_detail"),
    path("organisations/<int:pk>/modifier/", organisations.edit, name="organisation_edit"),
    path("organisations/<int:pk>/voir-comme/", viewing.begin, name="view_as"),
    path("voir-comme/quitter/", viewing.leave, name="view_as_leave"),
    path("organisations/<int:pk>/inviter/", members.invite, name="invite"),
    path("clients/", clients.index, name="clients"),
    path("clients/nouveau/", clients.create, name="client_create"),
    path("clients/<int:pk>/", clients.detail, name="client_detail"),
    path("clients/<int:pk>/reunir/", clients.merge, name="client_merge"),
]
