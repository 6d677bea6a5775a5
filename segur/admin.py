"""Django's admin reads: what has consequences goes through the site's screens and services."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.decorators import method_decorator


class ReadOnly:
    """Nothing is added, changed or deleted, one by one or in bulk."""

    actions: Any = None
    list_editable: Any = ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """By what the page of a row shows, alone: the address of a list that is narrowed by the
        start of a hidden column (a session, a password, the body of a mail) would give that column
        away, letter by letter."""
        model_admin = cast("admin.ModelAdmin[Any]", self)
        shown = flatten_fieldsets(model_admin.get_fieldsets(request))
        filters = [one for one in model_admin.list_filter if isinstance(one, str)]
        names = {
            one.split("__", maxsplit=1)[0]
            for one in ("pk", model_admin.opts.pk.name, *shown, *filters)
        }
        is_shown = lookup.split("__", maxsplit=1)[0] in names
        return is_shown and bool(super().lookup_allowed(lookup, value, request))  # type: ignore[misc]

    def has_add_permission(self, *_args: object) -> bool:
        return False

    def has_change_permission(self, *_args: object, **_kwargs: object) -> bool:
        return False

    def has_delete_permission(self, *_args: object, **_kwargs: object) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """The admin of every model of this project."""


class ReadOnlySite(admin.AdminSite):
    """Whatever is registered is read only, the models of other packages too. One enters by the
    login of the site, and changes one's password on one's own page: both count the attempts."""

    site_header = "Ségur Imagerie · Échéances : administration technique"
    site_title = "Administration technique"
    index_title = "Données"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        given = admin_class or admin.ModelAdmin
        if not issubclass(given, ReadOnly):
            given = type(f"ReadOnly{given.__name__}", (ReadOnly, given), {})
        super().register(model_or_iterable, given, **options)

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer

    def password_change(  # type: ignore[override]
        self, _request: HttpRequest, _extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        return redirect("account_change_password")

    def password_change_done(  # type: ignore[override]
        self, _request: HttpRequest, _extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        return redirect("accounts:profile")
