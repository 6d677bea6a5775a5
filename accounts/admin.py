"""Django's admin, for the ANS's technical staff. One enters it by the site's own login."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from simple_history.admin import SimpleHistoryAdmin

from accounts.enums import LEADING_ROLES
from accounts.models import ApiToken, Invitation, Membership, Organisation, User
from accounts.rules.numbers import validate_finess, validate_siren, validate_siret
from accounts.selectors.organisations import depending_on
from accounts.services.memberships import is_last_leader
from segur.fields import NumberField

CANNOT_DELETE = (
    "« {name} » ne se supprime pas, car on s'y réfère : {kept}. Ce qui prouve est gardé : décochez "
    "« active » pour le retirer des listes."
)

admin.site.site_header = "Ségur Imagerie · Échéances : administration technique"
admin.site.site_title = "Administration technique"
admin.site.index_title = "Données"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign, no-untyped-call]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People enter by invitation and change their address themselves; an account is closed here."""

    list_display = ("full_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("full_name", "email")
    fields = (
        "full_name",
        "email",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
        "user_permissions",
        "date_joined",
        "last_login",
    )
    readonly_fields = ("email", "date_joined", "last_login")
    filter_horizontal = ("groups", "user_permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Rights are given by superusers only: the right to change people is not that to become
        all-powerful oneself."""
        given = ("is_staff", "is_superuser", "groups", "user_permissions")
        return (
            self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *given)
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Acts name their author for ever: an account is deactivated, not deleted."""
        return False


class OrganisationAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    siren = NumberField(label="SIREN", required=False, validators=[validate_siren])
    siret = NumberField(label="SIRET", required=False, validators=[validate_siret])
    finess = NumberField(label="FINESS", required=False, validators=[validate_finess])


@admin.register(Organisation)
class OrganisationAdmin(SimpleHistoryAdmin):
    """What an organisation has done proves something to others: only one that nothing names can be
    deleted, one at a time."""

    form = OrganisationAdminForm
    actions = None
    list_display = ("name", "kind", "siren", "finess", "city", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("search_text",)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refused with the reason, in one sentence, instead of the list of what would go."""
        found = self.get_object(request, object_id)
        if found is not None and (kept := depending_on(found)):
            sentence = CANNOT_DELETE.format(name=found, kept=", ".join(kept))
            self.message_user(request, sentence, messages.ERROR)
            return redirect("admin:accounts_organisation_change", object_id)
        return super().delete_view(request, object_id, extra_context)


class MembershipAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        steps_down = self.instance.pk and cleaned.get("role") not in LEADING_ROLES
        if steps_down and is_last_leader(Membership.objects.get(pk=self.instance.pk)):
            self.add_error("role", "C'est la dernière personne qui gère cette organisation.")
        return cleaned


@admin.register(Membership)
class MembershipAdmin(SimpleHistoryAdmin):
    """The rule of the last leader holds here too, so nothing is deleted in bulk."""

    form = MembershipAdminForm
    actions = None
    list_display = ("user", "organisation", "role", "created_at")
    list_filter = ("role", "organisation__kind")
    list_select_related = ("user", "organisation")
    search_fields = ("user__full_name", "user__email", "organisation__search_text")
    autocomplete_fields = ("user", "organisation")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Membership | None = None
    ) -> tuple[str, ...]:
        return ("user", "organisation") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        if obj is not None and is_last_leader(obj):
            return False
        return bool(super().has_delete_permission(request, obj))


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Read only: an invitation is sent, sent again or withdrawn on the site."""

    exclude = ("token_sha256",)
    list_display = ("email", "organisation", "role", "sent_at", "expires_at", "accepted_at")
    list_select_related = ("organisation",)
    search_fields = ("email", "organisation__search_text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Read only, without the digest: keys are made and revoked on the site by who leads."""

    exclude = ("token_sha256",)
    list_display = ("name", "start", "organisation", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("organisation",)
    search_fields = ("name", "start", "organisation__search_text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False
