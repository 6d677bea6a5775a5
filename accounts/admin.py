"""Django's admin of people and organisations, for the ANS's technical staff, who read."""

from django.contrib import admin

from accounts.models import ApiToken, Invitation, Membership, Organisation, User
from segur.admin import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Without the digest of the password."""

    exclude = ("password",)
    list_display = ("full_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("full_name", "email")


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "siren", "finess", "city", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("search_text",)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "organisation", "role", "created_at")
    list_filter = ("role", "organisation__kind")
    list_select_related = ("user", "organisation")
    search_fields = ("user__full_name", "user__email", "organisation__search_text")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Without the digest of its token."""

    exclude = ("token_sha256",)
    list_display = ("email", "organisation", "role", "sent_at", "expires_at", "accepted_at")
    list_select_related = ("organisation",)
    search_fields = ("email", "organisation__search_text")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Without the digest of the key."""

    exclude = ("token_sha256",)
    list_display = ("name", "start", "organisation", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("organisation",)
    search_fields = ("name", "start", "organisation__search_text")
