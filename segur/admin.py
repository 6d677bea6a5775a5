"""Admins that look, for Django's admin: nothing is added or deleted there."""

from django.contrib import admin


class NothingAddedNorDeleted:
    def has_add_permission(self, *_args: object) -> bool:
        return False

    def has_delete_permission(self, *_args: object, **_kwargs: object) -> bool:
        return False


class ReadOnlyAdmin(NothingAddedNorDeleted, admin.ModelAdmin):  # type: ignore[type-arg]
    def has_change_permission(self, *_args: object, **_kwargs: object) -> bool:
        return False
